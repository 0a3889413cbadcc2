namespace Ams.Api.Feeds.Sockets;

/// <summary>Every open socket of this node. Safe for concurrent use.</summary>
internal sealed class SocketRegistry
{
    private readonly Lock _lock = new();
    private readonly HashSet<SocketConnection> _sockets = [];

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
    }

    /// <summary>Takes a socket out. Gone already: nothing.</summary>
    public void Remove(SocketConnection socket)
    {
        lock (_lock)
            _sockets.Remove(socket);
    }

    /// <summary>Those that are open now.</summary>
    public SocketConnection[] Snapshot()
    {
        lock (_lock)
            return [.. _sockets];
    }
}
