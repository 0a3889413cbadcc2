using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>The routes of a channel's log.</summary>
internal static class LogOperations
{
    private const string Messages = "Messages";
    private const string Log = "Log";
    private const string Replayed = "Idempotency-Replayed";

    private static readonly ErrorCode[] Writing =
    [
        ErrorCodes.InvalidIdempotencyKey,
        ErrorCodes.ChannelArchived,
        ErrorCodes.IdempotencyKeyReused,
        ErrorCodes.ShardMoving,
        ErrorCodes.Draining,
    ];

    /// <summary>A DELETE is sent without a body; one that has a body is judged all the same.</summary>
    private static readonly ErrorCode[] Bodiless =
    [
        ErrorCodes.InvalidRequest,
        ErrorCodes.InvalidJson,
        ErrorCodes.BodyTooLarge,
        ErrorCodes.UnsupportedMediaType,
    ];

    private static readonly ErrorCode[] Posting =
    [
        .. Writing,
        ErrorCodes.IdempotencyKeyRequired,
        ErrorCodes.HeadMoved,
        ErrorCodes.AlreadyAnswered,
        ErrorCodes.PayloadSchemaMismatch,
        ErrorCodes.LoopBudgetSpent,
    ];

    private static readonly ErrorCode[] Reading = [ErrorCodes.InvalidCursor, ErrorCodes.LogTruncated];

    /// <summary>What is said of them.</summary>
    public static IReadOnlyList<Operation> All { get; } = [.. Posts(), .. Changes(), .. Reads()];

    private static IEnumerable<Operation> Posts() =>
        [
            new("POST /v1/channels/{id}/messages", "postMessage", Messages, "Post a message")
            {
                Description =
                    "201 means: committed to the store with fsync, at this `channel_seq`, for good. The same key with the same request gives 200 and the event as it now stands, whenever and on whichever node it is repeated; with another request it is 422.",
                Parameters = [Parameters.IdempotencyKey("Required, here or as the member `idempotency_key`.")],
                Body = new("NewMessage"),
                Answers =
                [
                    Answer.Created("MessageCreated", "The event, byte for byte as every reader will get it."),
                    Answer.Ok("MessageCreated", "A repeat: the event as it now stands.", Replayed),
                ],
                Refusals = Posting,
            },
            new("POST /v1/channels/{id}/messages:batch", "postBatch", Messages, "Post several messages, all or none")
            {
                Description = "Each with its own key. One bad message fails the batch; `errors` name it by index.",
                Body = new("NewBatch", Limit: "16 MiB"),
                Answers =
                [
                    new(StatusCodes.Status201Created, "Committed, in order.", [("application/json", "Posted")]),
                    Answer.Ok("Posted", "Every one was a repeat.", Replayed),
                ],
                Refusals = Posting,
            },
        ];

    private static IEnumerable<Operation> Changes() =>
        [
            new("PATCH /v1/channels/{id}/messages/{seq}", "editMessage", Messages, "Edit a message")
            {
                Description = "For its author.",
                Parameters = [OptionalKey],
                Body = new("MessageChange"),
                Answers = [Answer.Ok("Message", "The message as it now stands.", Replayed)],
                Refusals = [.. Writing, ErrorCodes.NotAuthor, ErrorCodes.MessageDeleted],
            },
            new("DELETE /v1/channels/{id}/messages/{seq}", "deleteMessage", Messages, "Delete a message and erase its content")
            {
                Description =
                    "For its author, admins and owners. Before the answer, `text`, `payload` and `mentions` are gone from the stored bytes of the creation and of every edit.",
                Parameters = [OptionalKey],
                Answers = [Answer.NoContent("It is deleted.", Replayed)],
                Refusals = [.. Writing, .. Bodiless, ErrorCodes.NotAuthor],
            },
            new("PUT /v1/channels/{id}/messages/{seq}/reactions/{emoji}", "addReaction", Messages, "React to a message")
            {
                Description = "A reaction that is there already changes nothing.",
                Parameters = [OptionalKey],
                Body = new("Nothing", Required: false),
                Answers = [Answer.NoContent("It is there.", Replayed)],
                Refusals = [.. Writing, .. Bodiless, ErrorCodes.MessageDeleted],
            },
            new("DELETE /v1/channels/{id}/messages/{seq}/reactions/{emoji}", "removeReaction", Messages, "Take a reaction back")
            {
                Description = "A reaction that is not there changes nothing.",
                Parameters = [OptionalKey],
                Answers = [Answer.NoContent("It is not there.", Replayed)],
                Refusals = [.. Writing, .. Bodiless, ErrorCodes.MessageDeleted],
            },
        ];

    private static IEnumerable<Operation> Reads() =>
        [
            new("GET /v1/channels/{id}/messages", "listMessages", Messages, "Messages as they now stand")
            {
                Description =
                    "Ascending, deleted ones as tombstones. With `after` what is newer, with `before` what is older, without either the newest page.",
                Parameters =
                [
                    Parameters.After,
                    Parameters.Query("before", Schema.Seq("Only messages before this. Not together with `after`.", min: 0)),
                    Parameters.Query("thread", Schema.Seq("Only the thread that starts from this message.")),
                    Parameters.Limit,
                    Parameters.LogId,
                ],
                Answers = [Answer.Ok("MessagePage", "A page of messages.")],
                Refusals = Reading,
            },
            new("GET /v1/channels/{id}/messages/{seq}", "getMessage", Messages, "One message as it now stands")
            {
                Answers = [Answer.Ok("Message", "The message, or its tombstone.")],
            },
            new("GET /v1/channels/{id}/events", "readEvents", Log, "The log itself")
            {
                Description =
                    "By `Accept`: a page or a long poll (`application/json`), everything up to the head at the time of asking, an event a line (`application/x-ndjson`), or replay and then live (`text/event-stream`: `id:` is the `channel_seq`, `data:` the event, a comment every 15 s). A fault on the way aborts the response, so a whole answer is a complete one.",
                Parameters =
                [
                    Parameters.After,
                    Parameters.Limit,
                    Parameters.Query(
                        "wait",
                        Schema.Whole(
                            "Of a page: with nothing to give, how many seconds to wait for an event.",
                            1,
                            Limits.WaitSecondsMax
                        )
                    ),
                    Parameters.LogId,
                    new("Last-Event-ID", "header", Schema.Seq("Of a stream: the last `id`; goes before `after`.", min: 0)),
                ],
                Answers =
                [
                    new(
                        StatusCodes.Status200OK,
                        "The log after the number.",
                        [("application/json", "EventPage"), ("application/x-ndjson", "Event"), ("text/event-stream", null)]
                    ),
                ],
                Refusals = Reading,
            },
            new("GET /v1/channels/{id}/seq", "seqAt", Log, "The number of the last event at or before a time")
            {
                Parameters = [Parameters.Query("at", Schema.Time("The time.")) with { Required = true }],
                Answers = [Answer.Ok("SeqAt", "The number.")],
            },
        ];

    private static Parameter OptionalKey => Parameters.IdempotencyKey("Optional here: without one, a repeat is a new change.");
}
