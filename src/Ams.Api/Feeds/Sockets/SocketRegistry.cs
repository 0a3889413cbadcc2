using Ams.Api.Telemetry;

namespace Ams.Api.Feeds.Sockets;

/// <summary>Every open socket of this node. Safe for concurrent use.</summary>
internal sealed class SocketRegistry(SocketSettings settings)
{
    private readonly Lock _lock = new();
    private readonly HashSet<SocketConnection> _sockets = [];
    private bool _draining;

    /// <summary>True once the node has begun to shut down: no socket is opened any more.</summary>
    public bool IsDraining => Volatile.Read(ref _draining);

    /// <summary>How many sockets are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sockets.Count;
        }
    }

    /// <summary>Adds a socket.</summary>
    public void Add(SocketConnection socket)
    {
        lock (_lock)
            _sockets.Add(socket);
        ApiMetrics.Sockets.Add(1);
    }

    /// <summary>Takes a socket out. Gone already: nothing.</summary>
    public void Remove(SocketConnection socket)
    {
        bool removed;
        lock (_lock)
            removed = _sockets.Remove(socket);
        if (removed)
            ApiMetrics.Sockets.Add(-1);
    }

    /// <summary>Those that are open now.</summary>
    public SocketConnection[] Snapshot()
    {
        lock (_lock)
            return [.. _sockets];
    }

    /// <summary>From now on no socket is opened.</summary>
    public void BeginDraining() => Volatile.Write(ref _draining, true);

    /// <summary>How long one client waits before it reconnects: a part of the longest delay, so that they don't come back all at once.</summary>
    public TimeSpan Delay() => settings.DrainDelayMax * Random.Shared.NextDouble();

    /// <summary>The delay as the reason of a close with 4000: milliseconds.</summary>
    public string DelayReason() => ((long)Delay().TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
