using Ams.Actors.Persistence;

namespace Ams.Actors.Query;

/// <summary>The read side of the logs (Akka.Persistence.Query; ADR 0001). A read begun after an acknowledgement sees it, on any node. Safe for concurrent use.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store does not answer.</remarks>
public interface IReadJournal
{
    /// <summary>Where a log stands now. A log without events has head 0; it needs no row.</summary>
    ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct);

    /// <summary>Where several logs stand now, in the order asked, in one round trip.</summary>
    ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct);

    /// <summary>One page of consecutive events from <paramref name="after"/> + 1 on: at most <paramref name="eventsMax"/> events and about
    /// <paramref name="bytesMax"/> bytes, but at least one event if there is one. Empty at the head.</summary>
    ValueTask<EventSlice> ReadAsync(string persistenceId, long after, int eventsMax, int bytesMax, CancellationToken ct);

    /// <summary>The events from <paramref name="after"/> + 1 up to and including <paramref name="upTo"/>, page by page at the reader's pace. Ends there; a gap is an exception, never skipped.</summary>
    IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(string persistenceId, long after, long upTo, CancellationToken ct);

    /// <summary>Messages as they now stand, ascending.</summary>
    ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct);

    /// <summary>One message as it now stands, tombstones included; null when that number is no message's.</summary>
    ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct);

    /// <summary>The number of the last event at or before a time; 0 if there is none.</summary>
    ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct);
}

/// <summary>Where a log stands.</summary>
/// <param name="Head">The highest committed sequence number; 0 while it is empty.</param>
/// <param name="FirstAvailable">The lowest number that can still be read; 1 as long as nothing was truncated.</param>
/// <param name="LogId">The log's incarnation.</param>
/// <param name="MessageCount">How many messages were ever created in it.</param>
public sealed record LogHead(long Head, long FirstAvailable, string LogId, long MessageCount);

/// <summary>Which messages to read: the newest page, or one on either side of a number.</summary>
/// <param name="After">Messages above this number, ascending from it; null otherwise.</param>
/// <param name="Before">Messages below this number, the nearest page; null otherwise.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Thread">Only the message of this number and its replies; null for all.</param>
public sealed record MessageQuery(long? After, long? Before, int Limit, long? Thread);

/// <summary>Messages, ascending, and whether more lie beyond them in the direction that was read.</summary>
public sealed record MessagePage(IReadOnlyList<StoredMessage> Items, bool HasMore);

/// <summary>A message's bytes as they now stand.</summary>
public readonly record struct StoredMessage(long MessageSeq, ReadOnlyMemory<byte> Body);
