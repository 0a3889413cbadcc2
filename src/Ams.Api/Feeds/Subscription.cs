using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Api.Feeds.Frames;
using Ams.Api.Feeds.Presence;
using Ams.Api.Feeds.Sockets;
using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>One channel followed by one socket: a visible loop that takes what comes next from the feed and writes it, at the peer's pace.</summary>
internal sealed class Subscription : IHubMember, IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    private readonly FeedHost _host;
    private readonly SocketConnection _socket;
    private readonly IChannelFeed _feed;
    private readonly bool _onFeed;
    private ControlPlane.Channels.ChannelRecord? _told;
    private int _ended;

    /// <summary>Takes the feed over.</summary>
    /// <param name="access">Judged before every delivery.</param>
    /// <param name="onFeed">True on <c>/v1/feed</c>: control frames bear the channel's id.</param>
    public Subscription(FeedHost host, SocketConnection socket, IChannelFeed feed, AccessLease access, bool onFeed)
    {
        _host = host;
        _socket = socket;
        _feed = feed;
        _onFeed = onFeed;
        Access = access;
        _told = access.Channel;
    }

    /// <summary>The right to go on.</summary>
    public AccessLease Access { get; }

    /// <inheritdoc />
    public string ChannelId => _feed.ChannelId;

    /// <inheritdoc />
    public ControlPlane.Access.Caller Principal => Access.Caller;

    /// <inheritdoc />
    public long PresenceSeen { get; set; }

    /// <summary>When a <c>typing</c> of this socket was last passed on; null: never. Touched by the socket's reader alone.</summary>
    public long? TypedAt { get; set; }

    /// <inheritdoc />
    public bool TryWrite(ReadOnlyMemory<byte> frame) => !Access.InDoubt && _socket.TryWrite(frame);

    /// <summary>Delivers until the subscription ends.</summary>
    /// <returns>Why it was refused to go on, or null when it was stopped or the socket is closing.</returns>
    public async Task<Refusal?> RunAsync()
    {
        try
        {
            return await DeliverAsync();
        }
        catch (Exception e)
        {
            FeedLog.SubscriptionFailed(_host.Log, ChannelId, e);
            _socket.Close(CloseCode.InternalError, "Reconnect with the last channel_seq seen.");
            return null;
        }
    }

    /// <summary>Stops the loop, from any thread.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _feed.Stop();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop();
        _feed.Dispose();
        Access.Dispose();
    }

    /// <summary>Judges again after a change, and tells the channel's settings if they are other ones now.</summary>
    /// <returns>Why it can't go on, or null.</returns>
    public async ValueTask<Refusal?> JudgeAsync()
    {
        if (Access.InDoubt && await Access.JudgeAsync(_host.Settings.StoreTimeout) is { } refusal)
            return refusal;
        var now = Access.Channel;
        var told = Interlocked.Exchange(ref _told, now);
        if (now is not null && told is not null && now != told)
            await _socket.WriteAsync(ChannelFrame.Of(now));
        return null;
    }

    private async Task<Refusal?> DeliverAsync()
    {
        while (await NextAsync() is { Ended: false } step)
        {
            while (Access.InDoubt)
            {
                if (await JudgeAsync() is { } lost)
                    return lost;
            }
            if (step.Events.Count > 0 && !await _socket.WriteAsync(step.Events.Frames))
                return null;
            if (step.CaughtUp && !await WriteCaughtUpAsync())
                return null;
        }
        return Volatile.Read(ref _ended) != 0
            ? null
            : new Refusal(ErrorCodes.StoreUnavailable, "The log can't be read now; reconnect with the last channel_seq seen.");
    }

    /// <summary>The next step, asking again while the log can't be read; ended when it was stopped or that took too long.</summary>
    private async ValueTask<FeedStep> NextAsync()
    {
        long? since = null;
        while (true)
        {
            try
            {
                return await _feed.NextAsync(_host.Settings.SliceBytesMax);
            }
            catch (StoreUnavailableException)
            {
                since ??= _host.Time.GetTimestamp();
            }
            var ended = Volatile.Read(ref _ended) != 0 || _host.Time.GetElapsedTime(since.Value) >= _host.Settings.StoreTimeout;
            if (ended)
                return new FeedStep(default, CaughtUp: false, Ended: true);
            await Task.Delay(RetryEvery, _host.Time);
        }
    }

    private async ValueTask<bool> WriteCaughtUpAsync()
    {
        using var batch = new FrameBatch();
        batch.Add(
            FrameTypes.CaughtUp,
            (ChannelId: _onFeed ? ChannelId : null, _feed.Cursor),
            static (json, at) =>
            {
                if (at.ChannelId is not null)
                    json.WriteString("channel_id"u8, at.ChannelId);
                json.WriteNumber("channel_seq"u8, at.Cursor);
            }
        );
        return await _socket.WriteAsync(batch.Written);
    }
}
