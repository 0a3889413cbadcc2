using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>What a channel answers: a closed union. A reply promises durability: it is sent after the commit (ADR 0003).</summary>
public abstract record ChannelReply;

/// <summary>Committed at <paramref name="ChannelSeq"/>, now or (<paramref name="Replayed"/>) under the same key before.</summary>
/// <param name="ChannelSeq">The event's number.</param>
/// <param name="MessageId">The message's id; null for events that are none.</param>
/// <param name="Body">The event's stored bytes, to be spliced verbatim; for an edit the message's as it now stands.</param>
/// <param name="Replayed">True when the key had been used by the same request.</param>
public sealed record Committed(long ChannelSeq, string? MessageId, ReadOnlyMemory<byte> Body, bool Replayed) : ChannelReply;

/// <summary>All messages of a batch, in order.</summary>
public sealed record BatchCommitted(IReadOnlyList<Committed> Items) : ChannelReply;

/// <summary>Nothing had to change; nothing was written and no key used up.</summary>
/// <param name="Body">The message as it stands, where the answer carries it; else empty.</param>
public sealed record Unchanged(ReadOnlyMemory<byte> Body) : ChannelReply;

/// <summary>An expected "no". Nothing was stored.</summary>
public sealed record Refused(Refusal Refusal) : ChannelReply;
