using System.Text.Json.Nodes;
using Ams.Contracts;

namespace Ams.Api.Specs.Schemas;

/// <summary>What stands in a channel's log, messages as they now stand, and what is posted (protocol, sections 6 and 7).</summary>
internal static class LogSchemas
{
    /// <summary>Every event type of the log and the name of its schema.</summary>
    public static IReadOnlyList<(string Type, string Name)> Events { get; } =
    [
        (EventTypes.MessageCreated, "MessageCreated"),
        (EventTypes.MessageEdited, "MessageEdited"),
        (EventTypes.MessageDeleted, "MessageDeleted"),
        (EventTypes.ReactionAdded, "ReactionAdded"),
        (EventTypes.ReactionRemoved, "ReactionRemoved"),
        (EventTypes.ClaimGranted, "ClaimGranted"),
        (EventTypes.ClaimReleased, "ClaimReleased"),
        (EventTypes.ClaimExpired, "ClaimExpired"),
        (EventTypes.ClaimCompleted, "ClaimCompleted"),
    ];

    /// <summary>The schemas and their names.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> All =>
        [
            ("Author", Author()),
            ("Event", Schema.ByType("An entry of a channel's log. A reader passes over a type that it does not know.", Events)),
            ("MessageCreated", MessageCreated()),
            (
                "MessageEdited",
                Event(
                    EventTypes.MessageEdited,
                    "The text or the payload was replaced.",
                    Target(),
                    Text("text?"),
                    Payload(),
                    Deleted()
                )
            ),
            ("MessageDeleted", Event(EventTypes.MessageDeleted, "The content was erased.", Target())),
            ("ReactionAdded", Event(EventTypes.ReactionAdded, "The author reacted.", Target(), ("emoji", Emoji()))),
            (
                "ReactionRemoved",
                Event(EventTypes.ReactionRemoved, "The author took the reaction back.", Target(), ("emoji", Emoji()))
            ),
            (
                "ClaimGranted",
                Claim(
                    EventTypes.ClaimGranted,
                    "The author took the message as its work.",
                    ("expires_at", Schema.Time("When it ends by itself."))
                )
            ),
            ("ClaimReleased", Claim(EventTypes.ClaimReleased, "The author, the holder, gave it back.")),
            ("ClaimExpired", Claim(EventTypes.ClaimExpired, "The time of the author, the holder, was up.")),
            (
                "ClaimCompleted",
                Claim(
                    EventTypes.ClaimCompleted,
                    "The author, the holder, finished it with a reply.",
                    ("reply_seq", Schema.Seq("The reply."))
                )
            ),
            ("Message", Message()),
            ("EventPage", Page("EventPage", "Event")),
            (
                "MessagePage",
                Page(
                    "MessagePage",
                    "Message",
                    ("next_before?", Schema.Seq("`before` of the page of what is older; omitted at the log's beginning."))
                )
            ),
            ("Posted", Posted()),
            (
                "SeqAt",
                Schema
                    .Answer(
                        "A place in a log.",
                        ("channel_seq", Schema.Seq("The last event at or before the time; 0 if there is none.", min: 0))
                    )
                    .Example("""{"channel_seq": 41}""")
            ),
            ("NewMessage", NewMessage("A message to be.", keyRequired: false)),
            ("BatchMessage", NewMessage("A message of a batch, with its own key.", keyRequired: true)),
            ("NewBatch", NewBatch()),
            ("MessageChange", MessageChange()),
        ];

    /// <summary>What a post says, but for its key.</summary>
    public static IReadOnlyList<(string Name, JsonObject Schema)> Content =>
        [
            Text("text?"),
            Payload(),
            ("reply_to?", Schema.Seq("The `channel_seq` of the message of this channel that it answers.")),
            (
                "mentions?",
                Schema.List(
                    "Principals of the workspace who should see it.",
                    Schema.Text("A principal."),
                    max: Limits.MentionsMax
                )
            ),
            ("cause?", Schema.Seq("The `channel_seq` that made the agent speak.")),
            ("expected_head_seq?", Schema.Seq("Posts only if nothing came after this, else `head_moved`.", min: 0)),
            ("if_unanswered?", Schema.Flag("With `reply_to`: posts only as the first reply, else `already_answered`.")),
        ];

    /// <summary>A key that makes a write safe to repeat.</summary>
    public static JsonObject Key(string description) =>
        Schema.Text(description, min: 1, max: Limits.IdempotencyKeyLengthMax, pattern: "^[\\x21-\\x7e]+$");

    /// <summary>A reaction.</summary>
    public static JsonObject Emoji() =>
        Schema.Text(
            $"An emoji or a short name: 1 to {Limits.EmojiBytesMax} bytes of UTF-8 without control characters.",
            min: 1,
            max: Limits.EmojiBytesMax
        );

    private static JsonObject Author() =>
        Schema.Answer(
            "Who acted, as it was at commit.",
            ("id", Schema.Id("prn", "The principal.")),
            ("name", Schema.Text("Its name then.")),
            ("kind", Schema.OneOf("What it is.", "human", "agent", "service"))
        );

    private static (string, JsonObject) Target() => ("message_seq", Schema.Seq("The message that it is about."));

    private static (string, JsonObject) Text(string name) =>
        (
            name,
            Schema.Text(
                "Up to 64 KiB of UTF-8. In a post it may be empty or absent when there is a payload.",
                max: Limits.TextBytesMax
            )
        );

    private static (string, JsonObject) Payload() =>
        (
            "payload?",
            Schema.Free(
                $"Any JSON object up to 64 KiB and {Limits.PayloadDepthMax} levels. Literals and the order of members are kept exactly."
            )
        );

    private static (string, JsonObject) Deleted() =>
        ("deleted?", Schema.Flag("True once the message was deleted: nothing of its content is left."));

    private static (string, JsonObject)[] Head(string type) =>
        [
            ("type", Schema.Only(type)),
            ("channel_id", Schema.Id("chn", "The channel.")),
            ("channel_seq", Schema.Seq("1, 2, 3 … per channel, without a gap, never reused.")),
            ("author", Schema.Ref("Author")),
            ("created_at", Schema.Time("When it was committed; never goes back along a log.")),
        ];

    private static JsonObject Event(string type, string description, params (string, JsonObject)[] members) =>
        Schema.Answer(description, [.. Head(type), .. members]);

    private static JsonObject Claim(string type, string description, params (string, JsonObject)[] members) =>
        Event(
            type,
            description,
            [
                Target(),
                ("claim_id", Schema.Id("clm", "The claim.")),
                ("generation", Schema.Whole("Counts the message's claims.", 1)),
                .. members,
            ]
        );

    private static (string, JsonObject)[] Created() =>
        [
            ("id", Schema.Id("msg", "The message.")),
            ("text", Schema.Text("What is said; empty once it was deleted.", max: Limits.TextBytesMax)),
            Payload(),
            ("reply_to?", Schema.Seq("The message that it answers.")),
            ("thread?", Schema.Seq("The message that the chain of `reply_to` starts from.")),
            ("mentions?", Schema.List("Who should see it.", Schema.Id("prn", "A principal."), max: Limits.MentionsMax)),
            ("cause?", Schema.Seq("What made the author speak.")),
            ("hops?", Schema.Whole("0 for a human or a service; for an agent the cause's and one more.", 0)),
            Deleted(),
        ];

    private const string Example = """
        {"type": "message.created", "channel_id": "chn_01kaz0deploys", "channel_seq": 42, "id": "msg_01kaz0first",
         "author": {"id": "prn_01kaz0bot", "name": "Build Bot", "kind": "agent"}, "created_at": "2026-11-22T08:00:00.123Z",
         "text": "deploy started", "payload": {"run": 17}, "reply_to": 41, "thread": 40, "mentions": ["prn_01kaz0ops"]}
        """;

    private static JsonObject MessageCreated() =>
        Event(EventTypes.MessageCreated, "A message was posted. Byte for byte the same for every reader.", Created())
            .Example(Example);

    private static JsonObject Message() =>
        Event(
                EventTypes.MessageCreated,
                "A message as it now stands.",
                [
                    .. Created(),
                    ("edited_at?", Schema.Time("When it was last edited.")),
                    ("deleted_at?", Schema.Time("When it was deleted; what is left is a tombstone.")),
                    (
                        "reactions?",
                        Schema.Map(
                            "Emoji to those who reacted with it.",
                            Schema.List("Principals.", Schema.Id("prn", "A principal."))
                        )
                    ),
                    ("claim?", ClaimNow()),
                ]
            )
            .Example(Example);

    private static JsonObject ClaimNow() =>
        Schema.Answer(
            "Who has it as its work.",
            ("claim_id", Schema.Id("clm", "The claim.")),
            ("generation", Schema.Whole("Counts the message's claims.", 1)),
            ("holder", Schema.Id("prn", "Who holds it.")),
            ("state?", Schema.Text("How it stands.")),
            ("expires_at?", Schema.Time("When it ends by itself.")),
            ("reply_seq?", Schema.Seq("The reply that completed it."))
        );

    private static JsonObject Page(string name, string item, params (string, JsonObject)[] members) =>
        Schema.Answer(
            name == "EventPage" ? "A page of the log, ascending; about 4 MiB at most." : "A page of messages, ascending.",
            [
                ("items", Schema.List("What there is.", Schema.Ref(item), max: Limits.PageMax)),
                ("head_seq", Schema.Seq("The log's head.", min: 0)),
                ("first_available_seq", Schema.Seq("Where the log now begins.")),
                ("log_id", Schema.Text("The log's incarnation.")),
                ("next_after", Schema.Seq("`after` of the next page.", min: 0)),
                ("has_more", Schema.Flag("Whether there is more in the direction that was asked for.")),
                .. members,
            ]
        );

    private static JsonObject Posted() =>
        Schema.Answer(
            "A batch, committed whole and in order.",
            ("items", Schema.List("The events.", Schema.Ref("MessageCreated"), 1, Limits.BatchMessagesMax)),
            (
                "replayed",
                Schema.List("For each: whether it was a repeat.", Schema.Flag("True: a repeat."), 1, Limits.BatchMessagesMax)
            )
        );

    private static JsonObject NewMessage(string description, bool keyRequired)
    {
        var key = Key("The same as the header `Idempotency-Key`; if both are given they must agree.");
        return Schema
            .Request(description, [(keyRequired ? "idempotency_key" : "idempotency_key?", key), .. Content])
            .Example(
                keyRequired
                    ? """{"idempotency_key": "run-17-started", "text": "deploy started"}"""
                    : """{"text": "deploy started", "payload": {"run": 17}, "reply_to": 41}"""
            );
    }

    private static JsonObject NewBatch() =>
        Schema.Request(
            "Messages that are committed all or none, in order. At most 16 MiB.",
            ("messages", Schema.List("The messages.", Schema.Ref("BatchMessage"), 1, Limits.BatchMessagesMax))
        );

    private static JsonObject MessageChange() =>
        Schema
            .Request("What changes; what is absent stays.", Text("text?"), Payload())
            .With("minProperties", 1)
            .Example("""{"text": "deploy finished"}""");
}
