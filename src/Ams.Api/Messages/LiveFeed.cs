using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>One channel, followed over HTTP for as long as the caller may: a feed that is stopped by whatever ends a wait, and opened again where it
/// was. Used by one reader; <see cref="Interrupt"/> comes from any thread.</summary>
internal sealed class LiveFeed : IDisposable
{
    /// <summary>For how long nobody is served on memory when the control plane does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IChannelFeeds _feeds;
    private readonly string _channelId;
    private readonly string? _logId;
    private readonly AccessLease _lease;
    private Opened? _opened;
    private int _interrupts;
    private int _interruptsSeen;
    private volatile bool _isDisposed;

    /// <summary>Watches; nothing is read yet.</summary>
    /// <param name="after">The last number that the reader has seen.</param>
    public LiveFeed(IChannelFeeds feeds, string channelId, long after, string? logId, Func<Action?, AccessLease> watch)
    {
        _feeds = feeds;
        _channelId = channelId;
        _logId = logId;
        Cursor = after;
        _lease = watch(Interrupt);
    }

    /// <summary>The last number that was given out.</summary>
    public long Cursor { get; private set; }

    /// <summary>True when the engine ended the feed: the reader goes, and comes back where the channel then is.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>When the token ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt => _lease.Caller.ExpiresAt;

    /// <summary>Opens the feed, or tells what stands against the position.</summary>
    public async ValueTask<Refusal?> OpenAsync(CancellationToken ct)
    {
        var opened = await _feeds.OpenAsync(_channelId, Cursor, _logId, ct);
        if (opened.TryGet(out var feed, out var refusal))
            Interlocked.Exchange(ref _opened, new Opened(feed));
        return refusal;
    }

    /// <summary>The next events, or a refusal, or no event after an <see cref="Interrupt"/> or once <see cref="HasEnded"/>. Nothing is given out that
    /// the caller may not see now. May complete on the publisher's thread.</summary>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The journal does not answer.</exception>
    public async ValueTask<Outcome<EventSlice>> NextAsync(int bytesMax, CancellationToken ct)
    {
        while (true)
        {
            var interrupts = Volatile.Read(ref _interrupts);
            if (_lease.InDoubt && await _lease.JudgeAsync(Patience) is { } lost)
                return lost;
            if (interrupts != _interruptsSeen || _isDisposed)
            {
                _interruptsSeen = interrupts;
                return default(EventSlice);
            }

            if (_opened is null && await OpenAsync(ct) is { } refusal)
                return refusal;
            // One that came before there was a feed to be stopped.
            if (interrupts != Volatile.Read(ref _interrupts))
                continue;
            var from = _opened!;
            var step = await from.Feed.NextAsync(bytesMax);
            if (step.Ended)
            {
                Interlocked.Exchange(ref _opened, null)?.Feed.Dispose();
                // The count can't tell: it may have been taken note of before the feed was stopped.
                if (from.IsInterrupted)
                    continue;
                HasEnded = true;
                return default(EventSlice);
            }

            if (_lease.InDoubt && await _lease.JudgeAsync(Patience) is { } lostMeanwhile)
                return lostMeanwhile;
            if (step.Events.Count == 0)
                continue;
            Cursor = step.Events.LastSeq;
            return step.Events;
        }
    }

    /// <summary>Lets <see cref="NextAsync"/> return, now or when it is called next, so that its caller looks around.</summary>
    public void Interrupt()
    {
        Interlocked.Increment(ref _interrupts);
        if (Volatile.Read(ref _opened) is not { } opened)
            return;
        opened.IsInterrupted = true;
        opened.Feed.Stop();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        Interrupt();
        _lease.Dispose();
        Volatile.Read(ref _opened)?.Feed.Dispose();
    }

    /// <summary>A feed, and whether it was stopped from here.</summary>
    private sealed class Opened(IChannelFeed feed)
    {
        private volatile bool _isInterrupted;

        public IChannelFeed Feed => feed;

        public bool IsInterrupted
        {
            get => _isInterrupted;
            set => _isInterrupted = value;
        }
    }
}
