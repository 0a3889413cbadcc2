using Ams.Actors.Persistence;
using Ams.Actors.Runtime;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>The rules of posting one message: the key, then what it answers, then the archive.</summary>
internal static class PostRules
{
    public static Decision Decide(ChannelState state, PostMessage post, ChannelFacts facts, DateTimeOffset at, IIdGenerator ids)
    {
        var draft = post.Draft;
        switch (KeyRules.Judge(facts, post.Author.Id, draft.Key, EventTypes.MessageCreated, messageSeq: null))
        {
            case { Refusal: { } refusal }:
                return new Decision(new Refused(refusal));
            case { Earlier: { } earlier }:
                return new Decision(Replayed(earlier));
        }
        if (ConditionRules.Judge(draft) is { } condition)
            return new Decision(new Refused(condition));
        if (!TryFindThread(draft.ReplyTo, facts, out var thread))
            return new Decision(new Refused(Refusal.Invalid("reply_to", NoSuchMessage(draft.ReplyTo))));
        if (post.Policy.Archived)
            return new Decision(new Refused(KeyRules.Archived));
        var e = Create(new EventStamp(state.ChannelId, state.Head + 1, post.Author, at), draft, thread, ids, out var reply);
        return new Decision(reply) { Events = [e] };
    }

    /// <summary>The answer to a repeat: the event as it now stands.</summary>
    public static Committed Replayed(JournalEvent earlier) =>
        new(earlier.SequenceNr, MessageCodec.Id(earlier.Body), earlier.Body, Replayed: true);

    /// <summary>The start of the chain that a reply goes on; false when it answers no message of the channel.</summary>
    public static bool TryFindThread(long? replyTo, ChannelFacts facts, out long? thread)
    {
        thread = null;
        if (replyTo is not { } seq)
            return true;
        if (facts.FindMessage(seq) is not { } target)
            return false;
        thread = target.Thread ?? target.MessageSeq;
        return true;
    }

    public static string NoSuchMessage(long? replyTo) =>
        $"{replyTo} is the channel_seq of no message of this channel; reply to one that you have read.";

    public static JournalEvent Create(EventStamp stamp, MessageDraft draft, long? thread, IIdGenerator ids, out Committed reply)
    {
        var id = ids.NewId("msg_");
        var body = EventCodec.Created(stamp, id, draft, thread);
        reply = new Committed(stamp.ChannelSeq, id, body, Replayed: false);
        return new JournalEvent(stamp.ChannelSeq, EventTypes.MessageCreated, stamp.CreatedAt, stamp.Author.Id, body)
        {
            IdempotencyKey = draft.Key.Value,
            Fingerprint = draft.Key.Fingerprint,
            MessageSeq = stamp.ChannelSeq,
            Thread = thread,
        };
    }
}
