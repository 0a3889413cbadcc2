using Ams.Contracts;

namespace Ams.Actors.Query;

/// <summary>Opens subscriptions: replay from the journal, then live (Akka's <c>EventsByPersistenceId</c>).</summary>
public interface IChannelFeeds
{
    /// <summary>Opens a subscription that begins at <paramref name="after"/> + 1.</summary>
    /// <param name="after">The last number the reader has seen; null: from the head on.</param>
    /// <param name="logId">The incarnation the reader remembers; null when it does not say.</param>
    /// <returns>The feed, or <c>invalid_cursor</c> (beyond the head, another log; with head and log id) or <c>log_truncated</c>.</returns>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The store does not answer.</exception>
    ValueTask<Outcome<IChannelFeed>> OpenAsync(string channelId, long? after, string? logId, CancellationToken ct);
}

/// <summary>One reader's position in one channel: a cursor, never a queue. Used by one reader at a time.</summary>
public interface IChannelFeed : IDisposable
{
    /// <summary>The channel.</summary>
    string ChannelId { get; }

    /// <summary>The log's incarnation when the feed was opened.</summary>
    string LogId { get; }

    /// <summary>The head when the feed was opened.</summary>
    long HeadAtOpen { get; }

    /// <summary>The last number that was given out, or where the feed began.</summary>
    long Cursor { get; }

    /// <summary>Waits for the next events: from the journal while the reader is behind, else from the node's live ring. Completes on the
    /// publisher's thread when it had to wait, so the caller must not block.</summary>
    /// <param name="bytesMax">About how many bytes of frames to return at most; one event is always returned whole.</param>
    /// <returns>Events that follow <see cref="Cursor"/> directly, or a step without events that says <c>CaughtUp</c> or <c>Ended</c>.</returns>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The journal does not answer; the feed may be asked again.</exception>
    ValueTask<FeedStep> NextAsync(int bytesMax);

    /// <summary>Ends the feed from any thread: a waiting <see cref="NextAsync"/> completes with <c>Ended</c>. Also what Dispose does.</summary>
    void Stop();
}

/// <summary>What a feed gave.</summary>
/// <param name="Events">Consecutive events; none for a pure signal.</param>
/// <param name="CaughtUp">True once each time that replay has reached live; comes without events.</param>
/// <param name="Ended">True when the feed was stopped; nothing follows.</param>
public readonly record struct FeedStep(EventSlice Events, bool CaughtUp, bool Ended);
