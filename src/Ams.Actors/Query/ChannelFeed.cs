using System.Runtime.CompilerServices;
using Ams.Actors.Runtime;

namespace Ams.Actors.Query;

/// <summary>
/// One reader's way along a channel: from the journal while it is behind, from the ring while it is live, and back again when the ring has
/// gone on without it. Wake-ups are hints; what is given out is decided by the cursor alone.
/// </summary>
internal sealed class ChannelFeed : IChannelFeed
{
    private const int PageEventsMax = 1000;

    private readonly LiveFeed _liveFeed;
    private readonly LiveChannel _live;
    private readonly IReadJournal _journal;
    private readonly FeedWaiter _waiter = new();
    private bool _replaying = true;
    private long _replayTo;
    private int _released;

    /// <summary>Takes over a subscription that was begun before the head was read.</summary>
    public ChannelFeed(LiveFeed liveFeed, LiveChannel live, IReadJournal journal, LogHead head, long after)
    {
        _liveFeed = liveFeed;
        _live = live;
        _journal = journal;
        LogId = head.LogId;
        HeadAtOpen = head.Head;
        Cursor = after;
        _replayTo = head.Head;
        live.Advance(head.Head);
    }

    /// <inheritdoc />
    public string ChannelId => _live.ChannelId;

    /// <inheritdoc />
    public string LogId { get; }

    /// <inheritdoc />
    public long HeadAtOpen { get; }

    /// <inheritdoc />
    public long Cursor { get; private set; }

    /// <inheritdoc />
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FeedStep> NextAsync(int bytesMax)
    {
        while (!_waiter.Stopped)
        {
            var visible = _live.Visible;
            if (Cursor < visible)
            {
                var slice = _live.Slice(Cursor + 1, bytesMax);
                var source = EngineMetrics.Delivered;
                if (slice.Count == 0)
                {
                    BeginReplay(visible);
                    source = EngineMetrics.Replayed;
                    slice = await _journal.ReadAsync(ChannelId, Cursor, PageEventsMax, bytesMax, CancellationToken.None);
                }
                else if (ReplayEnds())
                    return new FeedStep(default, CaughtUp: true, Ended: false);
                if (slice.Count > 0 && !_waiter.Stopped)
                {
                    source.Add(slice.Count);
                    return Give(slice);
                }
                if (_waiter.Stopped)
                    break;
            }
            if (ReplayEnds())
                return new FeedStep(default, CaughtUp: true, Ended: false);
            if (_live.TryWait(_waiter, Math.Max(visible, Cursor)))
                await _waiter.Wait;
        }
        return new FeedStep(default, CaughtUp: false, Ended: true);
    }

    /// <inheritdoc />
    public void Stop()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        _waiter.Stop();
        _live.Leave(_waiter);
        _liveFeed.Unsubscribe(_live);
    }

    /// <inheritdoc />
    public void Dispose() => Stop();

    private void BeginReplay(long visible)
    {
        if (_replaying)
            return;
        _replaying = true;
        _replayTo = visible;
    }

    // Reached: what was the head when the replay began has been given out, and what follows is live or not there yet.
    private bool ReplayEnds()
    {
        if (!_replaying || Cursor < _replayTo)
            return false;
        _replaying = false;
        return true;
    }

    private FeedStep Give(EventSlice slice)
    {
        if (slice.FirstSeq != Cursor + 1)
            throw new InvalidOperationException($"After {Cursor} of {ChannelId} came {slice.FirstSeq}: a gap or a repeat.");
        Cursor = slice.LastSeq;
        EngineTracing.Delivered(ChannelId, slice.LastSeq);
        return new FeedStep(slice, CaughtUp: false, Ended: false);
    }
}
