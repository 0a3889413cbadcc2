namespace Ams.Actors.Persistence;

/// <summary>The write side of the log, as one channel's actor sees it (Akka's journal; ADR 0001). Safe for concurrent use.</summary>
public interface IJournal
{
    /// <summary>Reads what an actor needs to go on: the head, not the log. Costs the same for ten events and ten million.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct);

    /// <summary>Appends a batch and completes once it is committed with fsync, or is known or feared not to be. Never throws for a
    /// store fault: the status says it. Batches of all channels that wait at the same time share one commit; each succeeds or fails alone.
    /// At most one append per persistence id may be under way.</summary>
    ValueTask<AppendStatus> AppendAsync(AppendBatch batch);

    /// <summary>Earlier uses of keys. The result holds the keys that were found, in any order.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(string persistenceId, IReadOnlyList<KeyQuery> keys, CancellationToken ct);

    /// <summary>Messages by number, as they now stand. A number that is no message's is absent from the result.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    );

    /// <summary>The creation and every edit of a message, ascending: what an erasure has to rewrite.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(string persistenceId, long messageSeq, CancellationToken ct);
}

/// <summary>Where a log stands.</summary>
/// <param name="Head">The highest committed sequence number; 0 while it is empty.</param>
/// <param name="LastCreatedAt">The time of the event at the head; times never go back along a log.</param>
public sealed record RecoveredLog(long Head, DateTimeOffset LastCreatedAt);

/// <summary>A key to look for.</summary>
public readonly record struct KeyQuery(string PrincipalId, string IdempotencyKey);

/// <summary>The one event that a key stands for, with its bytes as they now are (erased, if it was).</summary>
public sealed record KeyUse(string PrincipalId, string IdempotencyKey, ReadOnlyMemory<byte> Fingerprint, JournalEvent Event);

/// <summary>What decisions need to know of a message.</summary>
/// <param name="MessageSeq">Its number.</param>
/// <param name="AuthorId">Who wrote it.</param>
/// <param name="Thread">The start of its chain of replies, or null when it is no reply.</param>
/// <param name="Deleted">True for a tombstone.</param>
/// <param name="Body">The message as it now stands.</param>
public sealed record MessageFacts(long MessageSeq, string AuthorId, long? Thread, bool Deleted, ReadOnlyMemory<byte> Body);

/// <summary>The store does not answer, or not with sense. Callers see 503 <c>store_unavailable</c>.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Says what failed.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner) { }
}
