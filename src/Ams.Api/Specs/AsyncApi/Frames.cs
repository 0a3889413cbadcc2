using System.Text.Json.Nodes;
using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.AsyncApi;

/// <summary>Every frame of the sockets, but for events of the log (protocol, section 8).</summary>
internal static class Frames
{
    private const int RefLengthMax = 1024 * 1024;

    /// <summary>Server to client, then client to server.</summary>
    public static IReadOnlyList<Frame> All { get; } = [.. FromServer(), .. FromClient()];

    private static (string, JsonObject) Ref(string name) =>
        (name, Schema.Text("The client's mark, given back in the answer.", max: RefLengthMax));

    private static (string, JsonObject) ChannelId => ("channel_id", Schema.Id("chn", "The channel."));

    private static (string, JsonObject) WhichChannel => ("channel_id", Schema.Text("The channel."));

    private static (string, JsonObject) PrincipalId => ("principal_id", Schema.Id("prn", "Whose token it is."));

    private static JsonObject Principal() =>
        Schema.Answer(
            "Somebody.",
            ("id", Schema.Id("prn", "The principal.")),
            ("name", Schema.Text("Its name.")),
            ("kind", Schema.OneOf("What it is.", "human", "agent", "service"))
        );

    private static JsonObject Sent(string type, string description, params (string, JsonObject)[] members) =>
        Schema.Answer(description, [("type", Schema.Only(type)), .. members]);

    private static JsonObject Asked(string type, string description, params (string, JsonObject)[] members) =>
        Schema.Request(description, [("type", Schema.Only(type)), .. members]);

    private static IEnumerable<Frame> FromServer() =>
        [
            .. Hellos(),
            new(
                "caughtUp",
                Sockets.Room,
                true,
                "Replay has reached live; each time, also when there was nothing to replay.",
                Sent(FrameTypes.CaughtUp, "Replay has reached live.", Position),
                """{"type": "caught_up", "channel_seq": 42}"""
            ),
            new(
                "feedCaughtUp",
                Sockets.Feed,
                true,
                "Replay of one channel has reached live.",
                Sent(FrameTypes.CaughtUp, "Replay of one channel has reached live.", ChannelId, Position),
                """{"type": "caught_up", "channel_id": "chn_01kaz0deploys", "channel_seq": 42}"""
            ),
            new(
                "ack",
                Sockets.Both,
                true,
                "A send is committed to the store with fsync. In the order of the sends.",
                Sent(
                    FrameTypes.Ack,
                    "A send is committed.",
                    Ref("ref?"),
                    ("channel_seq", Schema.Seq("The message's number.")),
                    ("id", Schema.Id("msg", "The message.")),
                    ("replayed", Schema.Flag("True: the same key with the same request was there already."))
                ),
                """{"type": "ack", "ref": "1", "channel_seq": 43, "id": "msg_01kaz0first", "replayed": false}"""
            ),
            new(
                "error",
                Sockets.Both,
                true,
                "The fault of one frame, or on the feed the end of one subscription; the socket stays open.",
                Error(),
                """{"type": "error", "ref": "2", "code": "channel_archived", "detail": "Unarchive the channel first.", "retryable": false}"""
            ),
            .. Ephemeral(),
            new(
                "pong",
                Sockets.Both,
                true,
                "The answer to `ping`.",
                Sent(FrameTypes.Pong, "The answer to `ping`.", Ref("ref?")),
                """{"type": "pong", "ref": "3"}"""
            ),
        ];

    private static (string, JsonObject) Position => ("channel_seq", Schema.Seq("The last number that was delivered.", min: 0));

    private static IEnumerable<Frame> Hellos()
    {
        (string, JsonObject) heartbeat = (
            "heartbeat_seconds",
            new JsonObject
            {
                ["type"] = "number",
                ["description"] = "How often the server pings; a peer silent for two of these is closed with 4002.",
                ["exclusiveMinimum"] = 0,
            }
        );
        (string, JsonObject) node = ("node", Schema.Text("Which node serves the socket, for support."));
        yield return new(
            "hello",
            Sockets.Room,
            true,
            "The first frame.",
            Sent(
                FrameTypes.Hello,
                "The first frame.",
                ChannelId,
                ("head_seq", Schema.Seq("The log's head now.", min: 0)),
                ("after", Schema.Seq("Delivery begins after this.", min: 0)),
                ("log_id", Schema.Text("The log's incarnation.")),
                PrincipalId,
                ((string, JsonObject))(heartbeat.Item1, (JsonObject)heartbeat.Item2.DeepClone()),
                ((string, JsonObject))(node.Item1, (JsonObject)node.Item2.DeepClone())
            ),
            """
            {"type": "hello", "channel_id": "chn_01kaz0deploys", "head_seq": 42, "after": 40, "log_id": "l1",
             "principal_id": "prn_01kaz0bot", "heartbeat_seconds": 15, "node": "n1"}
            """
        );
        yield return new(
            "feedHello",
            Sockets.Feed,
            true,
            "The first frame.",
            Sent(FrameTypes.Hello, "The first frame.", PrincipalId, heartbeat, node),
            """{"type": "hello", "principal_id": "prn_01kaz0bot", "heartbeat_seconds": 15, "node": "n1"}"""
        );
    }

    private static JsonObject Error() =>
        Sent(
            FrameTypes.Error,
            "What went wrong. The codes are those of problems.",
            [
                Ref("ref?"),
                ("channel_id?", Schema.Text("On the feed: the channel that it is about.")),
                ("code", Schema.Ref("ErrorCode")),
                ("detail", Schema.Text("A sentence that says what to do.")),
                ("retryable", Schema.Flag("True: the very same frame may succeed later.")),
                .. ProblemSchemas.More,
            ]
        );

    private static IEnumerable<Frame> Ephemeral() =>
        [
            new(
                "channel",
                Sockets.Both,
                true,
                "The channel's settings, when they change.",
                Sent(
                    FrameTypes.Channel,
                    "The channel's settings as they now are.",
                    ChannelId,
                    ("name?", Schema.Text("Its name; a direct channel has none.")),
                    ("topic?", Schema.Text("What it is about.", max: Limits.TopicLengthMax)),
                    ("visibility", Schema.OneOf("Who may see it.", "workspace", "private", "direct")),
                    ("max_hops", Schema.Whole("Longest chain of causes.", 1, Limits.MaxHopsMax)),
                    ("archived_at?", Schema.Time("When it was archived."))
                ),
                """{"type": "channel", "channel_id": "chn_01kaz0deploys", "name": "deploys", "visibility": "workspace", "max_hops": 30}"""
            ),
            new(
                "presence",
                Sockets.Both,
                true,
                "Who is here, whole each time. Never in the log, may be dropped.",
                Sent(
                    FrameTypes.Presence,
                    "Who is here.",
                    ChannelId,
                    ("count", Schema.Whole("How many principals.", 0)),
                    ("principals", Schema.List("Up to 100 of them.", Principal(), max: 100))
                ),
                """{"type": "presence", "channel_id": "chn_01kaz0deploys", "count": 1, "principals": [{"id": "prn_01kaz0bot", "name": "Build Bot", "kind": "agent"}]}"""
            ),
            new(
                "typing",
                Sockets.Both,
                true,
                "Somebody else writes. Never in the log, may be dropped.",
                Sent(FrameTypes.Typing, "Somebody else writes.", ChannelId, ("principal", Principal())),
                """{"type": "typing", "channel_id": "chn_01kaz0deploys", "principal": {"id": "prn_01kaz0bot", "name": "Build Bot", "kind": "agent"}}"""
            ),
            new(
                "read",
                Sockets.Both,
                true,
                "Somebody's cursor moved. Never in the log, may be dropped.",
                Sent(
                    FrameTypes.Read,
                    "Somebody's cursor moved.",
                    ChannelId,
                    ("principal_id", Schema.Id("prn", "Whose.")),
                    ("seq", Schema.Seq("Where it is now.", min: 0))
                ),
                """{"type": "read", "channel_id": "chn_01kaz0deploys", "principal_id": "prn_01kaz0bot", "seq": 42}"""
            ),
        ];

    private static IEnumerable<Frame> FromClient() =>
        [
            new("send", Sockets.Room, false, "Post a message. May be pipelined.", Send(), SendExample("")),
            new(
                "feedSend",
                Sockets.Feed,
                false,
                "Post a message to a channel.",
                Send(WhichChannel),
                SendExample("\"channel_id\": \"chn_01kaz0deploys\", ")
            ),
            new(
                "ping",
                Sockets.Both,
                false,
                "Ask for a `pong`.",
                Asked(FrameTypes.Ping, "Ask for a `pong`.", Ref("ref?")),
                """{"type": "ping", "ref": "3"}"""
            ),
            new(
                "sendTyping",
                Sockets.Room,
                false,
                "I write.",
                Asked(FrameTypes.Typing, "I write.", Ref("ref?")),
                """{"type": "typing"}"""
            ),
            new(
                "feedSendTyping",
                Sockets.Feed,
                false,
                "I write, in a channel that this socket follows.",
                Asked(FrameTypes.Typing, "I write.", Ref("ref?"), WhichChannel),
                """{"type": "typing", "channel_id": "chn_01kaz0deploys"}"""
            ),
            new(
                "subscribe",
                Sockets.Feed,
                false,
                "Follow a channel; a bad cursor is an `error` and no subscription.",
                Asked(
                    FrameTypes.Subscribe,
                    "Follow a channel.",
                    Ref("ref?"),
                    WhichChannel,
                    ("after?", Schema.Seq("The last number seen; without it, from the head on.", min: 0)),
                    ("log_id?", Schema.Text("The log that the client remembers."))
                ),
                """{"type": "subscribe", "channel_id": "chn_01kaz0deploys", "after": 42}"""
            ),
            new(
                "unsubscribe",
                Sockets.Feed,
                false,
                "Follow it no longer.",
                Asked(FrameTypes.Unsubscribe, "Follow it no longer.", Ref("ref?"), WhichChannel),
                """{"type": "unsubscribe", "channel_id": "chn_01kaz0deploys"}"""
            ),
        ];

    private static JsonObject Send(params (string, JsonObject)[] more) =>
        Asked(
            FrameTypes.Send,
            "A message to be; answered with `ack` or `error`.",
            [Ref("ref?"), .. more, ("idempotency_key", LogSchemas.Key("Makes the send safe to repeat.")), .. LogSchemas.Content]
        );

    private static string SendExample(string more) =>
        $$"""{"type": "send", "ref": "1", {{more}}"idempotency_key": "run-17-started", "text": "deploy started"}""";
}
