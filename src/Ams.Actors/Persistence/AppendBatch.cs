namespace Ams.Actors.Persistence;

/// <summary>What one channel's turn commits, all or nothing.</summary>
/// <param name="PersistenceId">The channel.</param>
/// <param name="Term">The term under which the writer owns the channel's shard; 0 on a single node.</param>
/// <param name="ExpectedHead">The head that the writer decided on. Another head in the store fails this batch alone.</param>
/// <param name="Events">Dense: the first is <paramref name="ExpectedHead"/> + 1. May be empty when only <see cref="Rewrites"/> matter.</param>
public sealed record AppendBatch(string PersistenceId, long Term, long ExpectedHead, IReadOnlyList<JournalEvent> Events)
{
    /// <summary>Messages that differ from their creation after this batch, as they now stand (the bytes of <c>GET …/messages/{seq}</c>).</summary>
    public IReadOnlyList<MessageWrite> Messages { get; init; } = [];

    /// <summary>Committed events whose content is erased: the only change ever made to one.</summary>
    public IReadOnlyList<EventRewrite> Rewrites { get; init; } = [];
}

/// <summary>A message as it now stands.</summary>
public sealed record MessageWrite(long MessageSeq, bool Deleted, ReadOnlyMemory<byte> Body);

/// <summary>New bytes for a committed event, after erasure.</summary>
public sealed record EventRewrite(long SequenceNr, ReadOnlyMemory<byte> Body);

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Committed with fsync. Only now may anybody be told.</summary>
    Committed,

    /// <summary>Another node owns the shard. Nothing was written. Stop the shard's actors at once; do not retry.</summary>
    Fenced,

    /// <summary>The head is not the expected one, or a key is taken. Nothing was written. Recover, then decide again; never renumber.</summary>
    Conflict,

    /// <summary>Nothing was written: the store refused or could not be reached before anything was sent.</summary>
    Unavailable,

    /// <summary>It is unknown whether it was written. Recover before anything else; the callers are told to repeat with the same key.</summary>
    InDoubt,
}
