using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ams.TestKit.Processes;

/// <summary>Finds loopback ports for servers that must come back on the same one after a kill.</summary>
public static class FreePort
{
    // Below the range from which Linux takes the ports of outgoing connections, so that no client socket slips in
    // between our look and the server's bind.
    private const int First = 12000;
    private const int Count = 18000;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    /// <summary>A port that nobody listens on, and that this process has not handed out before.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = First + Random.Shared.Next(Count);
            if (IsFree(port) && Taken.TryAdd(port, true))
                return port;
        }
        throw new InvalidOperationException($"No free port among {First} to {First + Count - 1}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
