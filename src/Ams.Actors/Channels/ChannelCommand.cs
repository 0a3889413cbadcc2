using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>What a channel is asked to do. The front end has judged token, scope, visibility, role and form; the channel's single writer judges
/// the rest, in the protocol's order: the idempotency key, then conditions, loop budget and archive.</summary>
/// <param name="ChannelId">The channel: the persistence id.</param>
/// <param name="Author">Who asks, as it will stand on the event.</param>
/// <param name="Policy">The channel's settings that decisions depend on, as the control plane has them now.</param>
public abstract record ChannelCommand(string ChannelId, Author Author, ChannelPolicy Policy);

/// <summary>The author of an event.</summary>
public sealed record Author(string Id, string Name, PrincipalKind Kind)
{
    /// <summary>May delete the messages of others: an admin or owner.</summary>
    public bool MayModerate { get; init; }
}

/// <summary>What the control plane says of a channel.</summary>
public readonly record struct ChannelPolicy(bool Archived, int MaxHops);

/// <summary>A key with what tells the same request from another: 16 bytes over the canonical form of the request.</summary>
public readonly record struct IdempotencyKey(string Value, ReadOnlyMemory<byte> Fingerprint);

/// <summary>The content of one message to be posted.</summary>
/// <param name="Key">Required for a post.</param>
/// <param name="TextJson">The text as a JSON string literal in UTF-8, quotes included, ready to be spliced; <c>""</c> when absent.</param>
/// <param name="PayloadJson">The payload as the caller's JSON object without insignificant white space; empty when there is none.</param>
/// <param name="ReplyTo">The number of the message it answers, or null.</param>
/// <param name="Mentions">Principal ids, in the caller's order; empty when there are none.</param>
public sealed record MessageDraft(
    IdempotencyKey Key,
    ReadOnlyMemory<byte> TextJson,
    ReadOnlyMemory<byte> PayloadJson,
    long? ReplyTo,
    IReadOnlyList<string> Mentions
)
{
    /// <summary>Posts only if the head is still this one (protocol, section 9); null: no condition.</summary>
    public long? ExpectedHeadSeq { get; init; }

    /// <summary>Posts only as the first reply to <see cref="ReplyTo"/>.</summary>
    public bool IfUnanswered { get; init; }

    /// <summary>The event that made the author speak, or null.</summary>
    public long? Cause { get; init; }
}

/// <summary>Posts one message. Answer: <see cref="Committed"/> or <see cref="Refused"/>.</summary>
public sealed record PostMessage(string ChannelId, Author Author, ChannelPolicy Policy, MessageDraft Draft)
    : ChannelCommand(ChannelId, Author, Policy);

/// <summary>Posts 1 to 1000 messages, all or none, in order. Answer: <see cref="BatchCommitted"/> or <see cref="Refused"/> with errors by index.</summary>
public sealed record PostBatch(string ChannelId, Author Author, ChannelPolicy Policy, IReadOnlyList<MessageDraft> Drafts)
    : ChannelCommand(ChannelId, Author, Policy);

/// <summary>Replaces text, payload or both of the author's own message; empty means: leave as it is. Answer: <see cref="Committed"/> (its body is the
/// <i>message</i> as it now stands), <see cref="Unchanged"/> with the same, or <see cref="Refused"/>.</summary>
public sealed record EditMessage(
    string ChannelId,
    Author Author,
    ChannelPolicy Policy,
    long MessageSeq,
    ReadOnlyMemory<byte> TextJson,
    ReadOnlyMemory<byte> PayloadJson,
    IdempotencyKey? Key
) : ChannelCommand(ChannelId, Author, Policy);

/// <summary>Deletes a message and erases its content. Answer: <see cref="Committed"/>, <see cref="Unchanged"/> when it was deleted already, or <see cref="Refused"/>.</summary>
public sealed record DeleteMessage(string ChannelId, Author Author, ChannelPolicy Policy, long MessageSeq, IdempotencyKey? Key)
    : ChannelCommand(ChannelId, Author, Policy);

/// <summary>Adds or removes the author's reaction. Answer: <see cref="Committed"/>, <see cref="Unchanged"/> or <see cref="Refused"/>.</summary>
public sealed record React(
    string ChannelId,
    Author Author,
    ChannelPolicy Policy,
    long MessageSeq,
    string Emoji,
    bool Remove,
    IdempotencyKey? Key
) : ChannelCommand(ChannelId, Author, Policy);
