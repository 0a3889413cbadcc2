using Ams.Actors.Persistence;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>The rules of changing a message: it exists, by whom, the key, the tombstone, the archive; then whether anything changes at all.</summary>
internal static class ChangeRules
{
    private static readonly Refusal NoSuchMessage = new(
        ErrorCodes.NotFound,
        "There is no message with this channel_seq in the channel; take the channel_seq of a message.created event."
    );

    private static readonly Refusal NotAuthor = new(
        ErrorCodes.NotAuthor,
        "Only the author may do this to the message; post a reply instead."
    );

    private static readonly Refusal IsDeleted = new(
        ErrorCodes.MessageDeleted,
        "The message was deleted and can't be changed any more; post a new one."
    );

    private static readonly Refusal NothingLeft = Refusal.Invalid(
        "text",
        "A message without a payload needs a text; delete it to take it back."
    );

    public static Decision Decide(ChannelState state, EditMessage edit, ChannelFacts facts, DateTimeOffset at)
    {
        if (facts.FindMessage(edit.MessageSeq) is not { } message)
            return No(NoSuchMessage);
        if (!IsBy(message, edit.Author))
            return No(NotAuthor);
        if (Repeats(facts, edit, edit.Key, EventTypes.MessageEdited, edit.MessageSeq, message.Body) is { } repeated)
            return repeated;
        if (message.Deleted)
            return No(IsDeleted);
        var (text, payload) = MessageCodec.Content(message.Body);
        if (payload.IsEmpty && edit.PayloadJson.IsEmpty && edit.TextJson.Span.SequenceEqual("\"\""u8))
            return No(NothingLeft);
        if (edit.Policy.Archived)
            return No(KeyRules.Archived);
        if (IsSame(edit.TextJson, text) && IsSame(edit.PayloadJson, payload))
            return new Decision(new Unchanged(message.Body));

        var stamp = new EventStamp(state.ChannelId, state.Head + 1, edit.Author, at);
        var after = message with { Body = MessageCodec.Edited(message.Body, edit.TextJson, edit.PayloadJson, at) };
        return Commit(stamp, EventTypes.MessageEdited, EventCodec.Edited(stamp, edit), edit.Key, after, after.Body);
    }

    public static Decision Decide(ChannelState state, DeleteMessage delete, ChannelFacts facts, DateTimeOffset at)
    {
        if (facts.FindMessage(delete.MessageSeq) is not { } message)
            return No(NoSuchMessage);
        if (!IsBy(message, delete.Author) && !delete.Author.MayModerate)
            return No(NotAuthor);
        if (Repeats(facts, delete, delete.Key, EventTypes.MessageDeleted, delete.MessageSeq, message: null) is { } repeated)
            return repeated;
        if (delete.Policy.Archived)
            return No(KeyRules.Archived);
        if (message.Deleted)
            return new Decision(new Unchanged(default));

        var stamp = new EventStamp(state.ChannelId, state.Head + 1, delete.Author, at);
        var after = message with { Body = MessageCodec.Deleted(message.Body, at), Deleted = true };
        var body = EventCodec.Deleted(stamp, delete.MessageSeq);
        return Commit(stamp, EventTypes.MessageDeleted, body, delete.Key, after, body) with
        {
            Rewrites = facts
                .ContentEvents(delete.MessageSeq)
                .Select(e => new EventRewrite(e.SequenceNr, EventCodec.Erased(e.Body)))
                .ToArray(),
        };
    }

    public static Decision Decide(ChannelState state, React react, ChannelFacts facts, DateTimeOffset at)
    {
        var type = react.Remove ? EventTypes.ReactionRemoved : EventTypes.ReactionAdded;
        if (facts.FindMessage(react.MessageSeq) is not { } message)
            return No(NoSuchMessage);
        if (Repeats(facts, react, react.Key, type, react.MessageSeq, message: null) is { } repeated)
            return repeated;
        if (message.Deleted)
            return No(IsDeleted);
        if (react.Policy.Archived)
            return No(KeyRules.Archived);
        if (MessageCodec.HasReaction(message.Body, react.Emoji, react.Author.Id) != react.Remove)
            return new Decision(new Unchanged(default));

        var stamp = new EventStamp(state.ChannelId, state.Head + 1, react.Author, at);
        var after = message with { Body = MessageCodec.Reacted(message.Body, react.Emoji, react.Author.Id, react.Remove) };
        var body = EventCodec.Reaction(type, stamp, react.MessageSeq, react.Emoji);
        return Commit(stamp, type, body, react.Key, after, body);
    }

    private static Decision? Repeats(
        ChannelFacts facts,
        ChannelCommand command,
        IdempotencyKey? key,
        string type,
        long messageSeq,
        ReadOnlyMemory<byte>? message
    )
    {
        if (key is not { } given)
            return null;
        return KeyRules.Judge(facts, command.Author.Id, given, type, messageSeq) switch
        {
            { Refusal: { } refusal } => No(refusal),
            { Earlier: { } earlier } => new Decision(
                new Committed(earlier.SequenceNr, MessageId: null, message ?? earlier.Body, Replayed: true)
            ),
            _ => null,
        };
    }

    private static Decision Commit(
        EventStamp stamp,
        string type,
        byte[] body,
        IdempotencyKey? key,
        MessageFacts after,
        ReadOnlyMemory<byte> answer
    ) =>
        new(new Committed(stamp.ChannelSeq, MessageId: null, answer, Replayed: false))
        {
            Events =
            [
                new JournalEvent(stamp.ChannelSeq, type, stamp.CreatedAt, stamp.Author.Id, body)
                {
                    IdempotencyKey = key?.Value,
                    Fingerprint = key?.Fingerprint ?? default,
                    MessageSeq = after.MessageSeq,
                },
            ],
            Messages = [new MessageChange(after)],
        };

    private static Decision No(Refusal refusal) => new(new Refused(refusal));

    private static bool IsBy(MessageFacts message, Author author) =>
        string.Equals(message.AuthorId, author.Id, StringComparison.Ordinal);

    private static bool IsSame(ReadOnlyMemory<byte> given, ReadOnlyMemory<byte> current) =>
        given.IsEmpty || given.Span.SequenceEqual(current.Span);
}
