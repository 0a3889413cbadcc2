namespace Ams.Actors.Persistence;

/// <summary>One event as it is appended: its place, the facts that indexes need, and the bytes that every reader will get.</summary>
/// <param name="SequenceNr">1, 2, 3 … per persistence id, without a gap; it is the event's <c>channel_seq</c>.</param>
/// <param name="Type">One of <see cref="Ams.Contracts.EventTypes"/>.</param>
/// <param name="CreatedAt">Whole milliseconds; never before the event in front of it.</param>
/// <param name="PrincipalId">The author.</param>
/// <param name="Body">The event's JSON in UTF-8, at most 1 MiB. The journal keeps a copy; the caller may reuse nothing of it.</param>
public sealed record JournalEvent(
    long SequenceNr,
    string Type,
    DateTimeOffset CreatedAt,
    string PrincipalId,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The idempotency key, or null. Unique per (persistence id, principal), for ever.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What tells the same request from another one under the same key: 16 bytes. Empty without a key.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>The message this event is about: for <c>message.created</c> its own number.</summary>
    public long MessageSeq { get; init; }

    /// <summary>For a reply: the message that its chain of replies starts from; else null.</summary>
    public long? Thread { get; init; }
}
