using System.Text.Json.Nodes;
using Ams.Api.Auth;
using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>What holds for every route: its refusals by what it needs and takes, the headers, the introduction.</summary>
internal sealed partial class OpenApiDocument
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Workspaces", "The tenant, who asks, and who did what."),
        ("Members", "The principals of a workspace: people, agents, services."),
        ("Tokens", "Their credentials."),
        ("Channels", "Channels, who is in them, and direct channels."),
        ("Messages", "Posting, changing and reading messages."),
        ("Log", "A channel's log of events, from any number on, in several forms."),
        ("Sockets", "The way to a WebSocket."),
        ("Service", "Health, documents and pages. None of them needs a token."),
    ];

    private const string Prose = """
        Durable, gapless, totally ordered channels for people and agents.

        An answer's optional members that are null or empty are omitted. In a request, `null` outside the payload means absent; a member that
        its route does not list, or the same member twice, is `invalid_request`. Clients ignore members that they do not know.

        Every answer bears `X-Request-Id`. Everything that is refused is a problem (RFC 9457) with a `code` of a closed list; there is no 5xx but 503.
        A path that is not listed here is 404 `not_found`; another method on one that is listed is 405 `method_not_allowed`, with `Allow`.
        """;

    /// <summary>The codes that a route can answer, for what it needs and takes, and those of its own.</summary>
    private static IEnumerable<ErrorCode> RefusalsOf(Operation operation, Need? need)
    {
        IEnumerable<ErrorCode> codes = operation.Refusals;
        codes = need?.Kind switch
        {
            null => codes,
            NeedKind.PlatformKey => codes.Concat([ErrorCodes.WrongPlatformKey, ErrorCodes.StoreUnavailable]),
            _ => codes.Concat([
                ErrorCodes.MissingToken,
                ErrorCodes.MalformedToken,
                ErrorCodes.UnknownToken,
                ErrorCodes.TokenExpired,
                ErrorCodes.TokenRevoked,
                ErrorCodes.RateLimited,
                ErrorCodes.StoreUnavailable,
            ]),
        };
        if (need is { Scope: not Scopes.None })
            codes = codes.Append(ErrorCodes.ScopeMissing);
        if (operation.Route.Contains("/v1/channels/{id}", StringComparison.Ordinal))
            codes = codes.Append(ErrorCodes.NotFound);
        if (operation.Parameters.Any(parameter => parameter.In == "query"))
            codes = codes.Append(ErrorCodes.InvalidRequest);
        if (operation.Body is not null)
            codes = codes.Concat([
                ErrorCodes.InvalidRequest,
                ErrorCodes.InvalidJson,
                ErrorCodes.BodyTooLarge,
                ErrorCodes.UnsupportedMediaType,
            ]);
        return codes;
    }

    private static JsonObject Headers() =>
        new()
        {
            ["X-Request-Id"] = Header("The caller's, if it sent 1 to 128 visible ASCII characters; else a new one."),
            ["Location"] = Header("Where the new resource is."),
            ["Idempotency-Replayed"] = Header("`true` on the answer to a repeat; absent otherwise."),
            ["WWW-Authenticate"] = Header("`Bearer`."),
            ["Retry-After"] = Header("Seconds after which the same request may succeed. Not with `loop_budget_spent`."),
            ["RateLimit"] = Header(
                "What is left of the token's rate on this node: `\"default\";r=999;t=0`. Absent while rates are off."
            ),
            ["RateLimit-Policy"] = Header("The token's rate on this node: `\"default\";q=1000;w=5`. Absent while rates are off."),
        };

    private static JsonObject Header(string description) =>
        new()
        {
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = "string" },
        };
}
