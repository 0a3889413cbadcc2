using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>The sockets' upgrades, and what is served to anybody.</summary>
internal static class ServiceOperations
{
    private const string Sockets = "Sockets";
    private const string Service = "Service";

    private const string Upgrade =
        "A WebSocket; `/asyncapi/v1.json` describes its frames. A browser offers the subprotocols `ams.v1` and `ams.bearer.<token>`; a client that offered `ams.v1` is accepted and closed at once where others get a problem, but for `origin_refused`.";

    private static readonly ErrorCode[] Refusals = [ErrorCodes.InvalidRequest, ErrorCodes.OriginRefused, ErrorCodes.Draining];

    /// <summary>What is said of them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET /parties/channel-room/{channel_id}", "openChannelRoom", Sockets, "Follow one channel, and post to it")
        {
            Description = Upgrade + " Without `after`: from the head on.",
            Parameters = [Parameters.After, Parameters.LogId],
            Answers = [Upgraded],
            Refusals = [.. Refusals, ErrorCodes.NotFound, ErrorCodes.InvalidCursor, ErrorCodes.LogTruncated],
        },
        new("GET /v1/feed", "openFeed", Sockets, "Follow many channels on one socket")
        {
            Description = Upgrade,
            Answers = [Upgraded],
            Refusals = Refusals,
        },
        new("GET /livez", "live", Service, "Whether the process lives") { Answers = [Answer.Ok("Live", "It does.")] },
        new("GET /readyz", "ready", Service, "Whether to send it traffic")
        {
            Answers = [Answer.Ok("Ready", "The database answers, and the node is not draining.")],
            Refusals = [ErrorCodes.StoreUnavailable, ErrorCodes.Draining],
        },
        new("GET /metrics", "metrics", Service, "Figures for Prometheus")
        {
            Description = "On the operator's port always, on the main port in Development or when so configured; elsewhere 404.",
            Answers = [Answer.Text("text/plain", "Prometheus's text format, without a workspace, channel or principal.")],
            Refusals = [ErrorCodes.NotFound],
        },
        new("GET /", "home", Service, "The web page") { Answers = [Answer.Text("text/html", "A page.")] },
        new("GET /docs", "docs", Service, "Pages about the API, working offline")
        {
            Answers = [Answer.Text("text/html", "A page.")],
        },
        new("GET /docs/{file}", "docsFile", Service, "What those pages are made of")
        {
            Answers =
            [
                new(
                    StatusCodes.Status200OK,
                    "The file.",
                    [("text/html", null), ("text/css", null), ("text/javascript", null), ("image/png", null)]
                ),
            ],
            Refusals = [ErrorCodes.NotFound],
        },
        new("GET /openapi/v1.json", "openapi", Service, "This document") { Answers = [Answer.Ok("Document", "OpenAPI 3.1.")] },
        new("GET /asyncapi/v1.json", "asyncapi", Service, "The same for the WebSocket")
        {
            Answers = [Answer.Ok("Document", "AsyncAPI 3.0.")],
        },
    ];

    /// <summary>The schemas that only these routes use.</summary>
    public static IEnumerable<(string Name, System.Text.Json.Nodes.JsonObject Schema)> SchemasAll =>
        [
            ("Live", Schema.Answer("The process lives.", ("live", Schema.Flag("Always true.")))),
            ("Ready", Schema.Answer("The node is ready.", ("ready", Schema.Flag("Always true.")))),
            ("Document", Schema.Free("A machine-readable description.")),
        ];

    private static Answer Upgraded => new(StatusCodes.Status101SwitchingProtocols, "The socket is open.", []);
}
