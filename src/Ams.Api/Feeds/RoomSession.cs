using Ams.Api.Auth;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>A channel's own socket: one subscription, whose end is the socket's.</summary>
internal sealed class RoomSession(FeedHost host, SocketConnection socket, Subscription subscription) : SocketSession(host, socket)
{
    /// <inheritdoc />
    protected internal override AccessLease Access => subscription.Access;

    /// <inheritdoc />
    protected override bool OnFeed => false;

    /// <summary>Delivers until the socket closes.</summary>
    public async Task DeliverAsync()
    {
        if (await subscription.RunAsync() is { } refusal)
            Socket.Close(CloseCodeOf.Lost(refusal), refusal.Detail);
    }

    /// <inheritdoc />
    protected override async Task JudgeAsync()
    {
        if (await subscription.JudgeAsync() is { } refusal)
            Socket.Close(CloseCodeOf.Lost(refusal), refusal.Detail);
    }

    /// <inheritdoc />
    protected override Outcome<Subscription> SubscriptionOf(JsonRequest frame) => subscription;

    /// <inheritdoc />
    protected override Outcome<string> TargetOf(string? channelId) => subscription.ChannelId;
}
