using System.Text.Json.Nodes;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.AsyncApi;

/// <summary>AsyncAPI 3.0: the channel room and the feed. The described application is the server: it sends what clients receive.</summary>
internal static class AsyncApiDocument
{
    private const string Room = "channelRoom";
    private const string Feed = "feed";

    private const string Prose = """
        Text frames, JSON, one object a frame. A frame whose `type` has a dot is an event of the log, verbatim: on one subscription strictly
        ascending `channel_seq` from `after + 1`, no gap, no repeat. Clients ignore types and members that they do not know.

        A browser, which can't set headers on a WebSocket, offers two subprotocols: `ams.v1` and `ams.bearer.<token>`; the server selects `ams.v1`.
        An upgrade from a page of an origin that is neither the server's own nor listed is 403 `origin_refused`. Other faults before the upgrade
        are plain HTTP problems, except for a client that offered `ams.v1`: it is accepted and closed at once with the code.

        Close codes say whether to come back: 4000 to 4499, 1001, 1006, 1011 and 1012: reconnect with the last `channel_seq` seen, after a jittered
        delay; the others: stop. `x-close-codes` lists them.

        Client frames are at most 1 MiB. A reader that is slow costs the server no queue: it is fed from the log at its own pace.
        """;

    /// <summary>The document.</summary>
    public static JsonObject Whole() =>
        new()
        {
            ["asyncapi"] = "3.0.0",
            ["id"] = "urn:ams:sockets:v1",
            ["info"] = SpecInfo
                .Info("AMS over WebSocket", Prose)
                .With("tags", new JsonArray(new JsonObject { ["name"] = "WebSocket", ["description"] = "RFC 6455." })),
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["default"] = new JsonObject
                {
                    ["host"] = "localhost:8787",
                    ["protocol"] = "ws",
                    ["description"] = "The default address; behind TLS the protocol is wss.",
                    ["security"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/securitySchemes/bearer" }),
                },
            },
            ["channels"] = new JsonObject
            {
                [Room] = Channel(
                    "/parties/channel-room/{channel_id}",
                    "One channel: its events from a number on, and sends to it.",
                    Sockets.Room
                ),
                [Feed] = Channel("/v1/feed", "Many channels on one socket, each subscribed to by a frame.", Sockets.Feed),
            },
            ["operations"] = new JsonObject
            {
                ["sendToRoom"] = Operation(
                    "send",
                    Room,
                    "What the server sends in a channel room.",
                    Sockets.Room,
                    fromServer: true
                ),
                ["receiveFromRoom"] = Operation(
                    "receive",
                    Room,
                    "What a client sends in a channel room.",
                    Sockets.Room,
                    fromServer: false
                ),
                ["sendToFeed"] = Operation("send", Feed, "What the server sends on the feed.", Sockets.Feed, fromServer: true),
                ["receiveFromFeed"] = Operation(
                    "receive",
                    Feed,
                    "What a client sends on the feed.",
                    Sockets.Feed,
                    fromServer: false
                ),
            },
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = SpecInfo.SecuritySchemes()["bearer"]!.DeepClone() },
                ["messages"] = Messages(),
                ["schemas"] = SpecInfo.Schemas(SchemasUsed()),
            },
        };

    private static IEnumerable<(string Name, JsonObject Schema)> SchemasUsed()
    {
        string[] names = ["Author", "Event", .. LogSchemas.Events.Select(pair => pair.Name)];
        var used = LogSchemas.All.Where(schema => names.Contains(schema.Name, StringComparer.Ordinal)).ToList();
        // AsyncAPI's discriminator is the member's name alone.
        used.Single(schema => schema.Name == "Event").Schema["discriminator"] = "type";
        return used.Append(ProblemSchemas.All.First());
    }

    private static IEnumerable<string> NamesOn(Sockets on, bool fromServer)
    {
        var events = fromServer ? LogSchemas.Events.Select(pair => NameOf(pair.Name)) : [];
        return Frames
            .All.Where(frame => frame.On.HasFlag(on) && frame.FromServer == fromServer)
            .Select(frame => frame.Name)
            .Concat(events);
    }

    private static string NameOf(string schema) => char.ToLowerInvariant(schema[0]) + schema[1..];

    private static JsonObject Channel(string address, string description, Sockets on)
    {
        var messages = new JsonObject();
        foreach (var name in NamesOn(on, fromServer: true).Concat(NamesOn(on, fromServer: false)))
            messages[name] = new JsonObject { ["$ref"] = "#/components/messages/" + name };
        var channel = new JsonObject
        {
            ["address"] = address,
            ["description"] = description,
            ["messages"] = messages,
            ["bindings"] = new JsonObject { ["ws"] = Binding(on) },
            ["x-required-scope"] = Scopes.MessagesRead.Names().Single(),
            ["x-required-scope-to-send"] = Scopes.MessagesWrite.Names().Single(),
            ["x-subprotocols"] = new JsonArray(SocketHandshake.Subprotocol, "ams.bearer.<token>"),
            ["x-close-codes"] = CloseCodes(),
        };
        if (on == Sockets.Room)
            channel["parameters"] = new JsonObject
            {
                ["channel_id"] = new JsonObject
                {
                    ["description"] = "The channel's id.",
                    ["examples"] = new JsonArray("chn_01kaz0deploys"),
                },
            };
        return channel;
    }

    private static JsonObject Binding(Sockets on)
    {
        var binding = new JsonObject
        {
            ["method"] = "GET",
            ["headers"] = Schema.Answer(
                "Of the upgrade. One of the two.",
                ("Authorization?", Schema.Text("`Bearer` and the token.", pattern: "^Bearer wat_[0-9A-Za-z]{46}$")),
                ("Sec-WebSocket-Protocol?", Schema.Text("From a browser: `ams.v1, ams.bearer.<token>`."))
            ),
            ["bindingVersion"] = "0.1.0",
        };
        if (on == Sockets.Room)
            binding["query"] = Schema.Answer(
                "Where to begin.",
                ("after?", Schema.Seq("The last number seen; without it, from the head on.", min: 0)),
                ("log_id?", Schema.Text("The log that the client remembers."))
            );
        return binding;
    }

    private static JsonArray CloseCodes() =>
        [
            .. CloseCodeTable.All.Select(row =>
                (JsonNode)
                    new JsonObject
                    {
                        ["code"] = (int)row.Code,
                        ["meaning"] = row.Meaning,
                        ["reconnect"] = Contracts.CloseCodes.ShouldReconnect((int)row.Code),
                    }
            ),
        ];

    private static JsonObject Operation(string action, string channel, string summary, Sockets on, bool fromServer) =>
        new()
        {
            ["action"] = action,
            ["channel"] = new JsonObject { ["$ref"] = "#/channels/" + channel },
            ["summary"] = summary,
            ["description"] = summary + (fromServer ? " Events of the log among it, verbatim." : " At most 1 MiB a frame."),
            ["messages"] = new JsonArray([
                .. NamesOn(on, fromServer)
                    .Select(name => (JsonNode)new JsonObject { ["$ref"] = $"#/channels/{channel}/messages/{name}" }),
            ]),
        };

    private static JsonObject Messages()
    {
        var messages = new JsonObject();
        foreach (var frame in Frames.All)
            messages[frame.Name] = Message(
                frame.Type,
                frame.Summary,
                (JsonObject)frame.Payload.DeepClone(),
                JsonNode.Parse(frame.Example)
            );
        foreach (var (type, name) in LogSchemas.Events)
            messages[NameOf(name)] = Message(type, "An event of the log, verbatim.", Schema.Ref(name), example: null);
        return messages;
    }

    private static JsonObject Message(string type, string summary, JsonObject payload, JsonNode? example)
    {
        var message = new JsonObject
        {
            ["name"] = type,
            ["title"] = type,
            ["summary"] = summary,
            ["contentType"] = "application/json",
            ["payload"] = payload,
        };
        return example is null
            ? message
            : message.With("examples", new JsonArray(new JsonObject { ["name"] = "example", ["payload"] = example }));
    }
}
