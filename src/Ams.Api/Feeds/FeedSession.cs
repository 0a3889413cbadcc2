using Ams.Actors.Persistence;
using Ams.Api.Auth;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>Many channels on one socket. Each is a subscription of its own that takes turns at the socket's gate, one slice a turn, so that a long
/// replay of one does not hold up the others.</summary>
/// <param name="access">The right of the socket itself; each subscription has its own besides.</param>
internal sealed class FeedSession(FeedHost host, SocketConnection socket, AccessLease access)
    : SocketSession(host, socket),
        IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Following> _followed = new(StringComparer.Ordinal);
    private bool _ended;

    /// <inheritdoc />
    protected internal override AccessLease Access => access;

    /// <inheritdoc />
    protected override bool OnFeed => true;

    /// <inheritdoc />
    protected override async Task JudgeAsync()
    {
        if (access.InDoubt && await access.JudgeAsync(Host.Settings.StoreTimeout) is { } refusal)
            Socket.Close(CloseCodeOf.Lost(refusal), refusal.Detail);
        Following[] followed;
        lock (_lock)
            followed = [.. _followed.Values];
        foreach (var following in followed.Where(following => following.Subscription.Access.InDoubt))
            await JudgeAsync(following.Subscription);
    }

    /// <summary>Stops every subscription. No other begins.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var following in _followed.Values)
                following.Subscription.Stop();
        }
    }

    /// <summary>Stops, and waits until nothing is delivered any more.</summary>
    public async Task WhenStoppedAsync()
    {
        Stop();
        Task[] deliveries;
        lock (_lock)
            deliveries = [.. _followed.Values.Select(following => following.Delivery)];
        await Task.WhenAll(deliveries);
    }

    /// <inheritdoc />
    public void Dispose() => access.Dispose();

    /// <inheritdoc />
    protected override async ValueTask<bool> OnOwnControlAsync(string? type, JsonRequest frame, string? mark)
    {
        if (type is not (FrameTypes.Subscribe or FrameTypes.Unsubscribe))
            return false;
        var channelId = frame.RequiredText("channel_id");
        var refusal =
            type is FrameTypes.Subscribe ? await SubscribeAsync(channelId, frame)
            : frame.Refusal is { } invalid ? invalid
            : await UnsubscribeAsync(channelId);
        if (refusal is not null)
            await FailAsync(mark, channelId.Length == 0 ? null : channelId, refusal);
        return true;
    }

    /// <inheritdoc />
    protected override Outcome<Subscription> SubscriptionOf(JsonRequest frame)
    {
        var channelId = frame.RequiredText("channel_id");
        lock (_lock)
        {
            return _followed.TryGetValue(channelId, out var following)
                ? following.Subscription
                : Refusal.Invalid("channel_id", "This socket does not follow that channel; subscribe to it first.");
        }
    }

    /// <inheritdoc />
    protected override Outcome<string> TargetOf(string? channelId) =>
        channelId is null
            ? Refusal.Invalid("channel_id", "Say to which channel: a send on this socket bears a channel_id.")
            : channelId;

    private async ValueTask<Refusal?> SubscribeAsync(string channelId, JsonRequest frame)
    {
        var position = frame.Seq("after");
        var logId = frame.Text("log_id");
        if (frame.Refusal is { } invalid)
            return invalid;
        var take = Host.Rates.TryTake(access.Caller.TokenId, cost: 1);
        if (!take.Allowed)
            return RateLimits.RateLimiter.Refused(take);
        if (JudgeRoom(channelId) is { } full)
            return full;
        try
        {
            return await OpenAsync(channelId, position, logId);
        }
        catch (StoreUnavailableException)
        {
            return new Refusal(ErrorCodes.StoreUnavailable, "The store does not answer; subscribe again later.");
        }
    }

    private Refusal? JudgeRoom(string channelId)
    {
        lock (_lock)
        {
            if (_followed.ContainsKey(channelId))
                return Refusal.Invalid(
                    "channel_id",
                    "This socket follows that channel already; unsubscribe first to begin elsewhere."
                );
            return _followed.Count < Host.Settings.SubscriptionsMax
                ? null
                : Refusal.Invalid(
                    "channel_id",
                    $"A socket follows at most {Host.Settings.SubscriptionsMax} channels; open another one."
                );
        }
    }

    private async ValueTask<Refusal?> OpenAsync(string channelId, Outcome<long?> position, string? logId)
    {
        Subscription? begun = null;
        var lease = Host.Access.Open(access.Caller, access.Token, Scopes.MessagesRead, channelId, () => Doubt(begun));
        var refusal = await lease.JudgeAsync(CancellationToken.None);
        if (refusal is null && position.TryGet(out var after, out refusal))
        {
            var opened = await Host.Feeds.OpenAsync(channelId, after, logId, CancellationToken.None);
            if (opened.TryGet(out var feed, out refusal))
            {
                begun = new Subscription(Host, Socket, feed, lease, onFeed: true);
                Begin(begun);
                return null;
            }
        }
        lease.Dispose();
        return refusal;
    }

    private void Begin(Subscription subscription)
    {
        lock (_lock)
        {
            if (_ended)
            {
                subscription.Dispose();
                return;
            }
            Host.Hubs.Join(subscription);
            _followed.Add(subscription.ChannelId, new Following(subscription, DeliverAsync(subscription)));
        }
    }

    private async Task DeliverAsync(Subscription subscription)
    {
        // The loop may deliver much at once: it begins on its own, not on the reader's thread and under its lock.
        await Task.Yield();
        var refusal = await subscription.RunAsync();
        await EndAsync(subscription, refusal);
    }

    private async ValueTask<Refusal?> UnsubscribeAsync(string channelId)
    {
        Following? following;
        lock (_lock)
            _followed.TryGetValue(channelId, out following);
        if (following is null)
            return null;
        following.Subscription.Stop();
        await following.Delivery;
        return null;
    }

    private void Doubt(Subscription? subscription)
    {
        if (subscription is not null)
            ThreadPool.UnsafeQueueUserWorkItem(
                static at => _ = at.Session.JudgeAsync(at.Subscription),
                (Session: this, Subscription: subscription),
                preferLocal: false
            );
    }

    private async Task JudgeAsync(Subscription subscription)
    {
        if (await subscription.JudgeAsync() is { } refusal)
            await EndAsync(subscription, refusal);
    }

    private async Task EndAsync(Subscription subscription, Refusal? refusal)
    {
        lock (_lock)
        {
            if (!_followed.TryGetValue(subscription.ChannelId, out var following) || following.Subscription != subscription)
                return;
            _followed.Remove(subscription.ChannelId);
        }
        Host.Hubs.Leave(subscription);
        subscription.Dispose();
        if (refusal is null)
            return;
        // What ends one channel is told for that channel; what ends them all closes the socket.
        if (refusal.Code == ErrorCodes.NotFound)
            await FailAsync(mark: null, subscription.ChannelId, refusal);
        else
            Socket.Close(CloseCodeOf.Lost(refusal), refusal.Detail);
    }

    private sealed record Following(Subscription Subscription, Task Delivery);
}
