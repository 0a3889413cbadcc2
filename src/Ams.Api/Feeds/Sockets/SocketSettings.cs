namespace Ams.Api.Feeds.Sockets;

/// <summary>What the sockets go by. The heartbeat and the allowed origins are set in <c>hocon/reference.conf</c>; the rest are fixed here.</summary>
internal sealed record SocketSettings
{
    /// <summary>How often a socket is pinged. A peer that is silent for two of these is closed with 4002.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Origins besides the server's own from which a page may open a socket, as browsers send them: <c>https://app.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Sends of one socket that may be under way. At the limit the socket is not read until one is answered.</summary>
    public int SendsInFlightMax { get; init; } = 64;

    /// <summary>Channels that one socket of <c>/v1/feed</c> may follow.</summary>
    public int SubscriptionsMax { get; init; } = 1000;

    /// <summary>About how much of a log is written to a socket at a time, so that acks, pings and other channels come in between.</summary>
    public int SliceBytesMax { get; init; } = 64 * 1024;

    /// <summary>How long a closing peer has to answer before it is cut off.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a channel's journal, or the control plane, may be unreadable before a socket is closed with 4003.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Over how long a draining node closes its sockets, in groups.</summary>
    public TimeSpan DrainPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a drained client is asked to wait before it reconnects, at most; each is told its own part of it.</summary>
    public TimeSpan DrainDelayMax { get; init; } = TimeSpan.FromSeconds(5);
}
