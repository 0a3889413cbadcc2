using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ams.Cluster.Tests.Faults;

/// <summary>A connection with nobody sensible behind it: it reads only when told to, and answers nothing.</summary>
internal sealed class RawSocket : IDisposable
{
    // As small as the system allows, so that the peer soon finds that nobody reads.
    private const int ReceiveBytes = 2048;

    private readonly Socket _socket;

    private RawSocket(Socket socket) => _socket = socket;

    /// <summary>Connects, and says nothing.</summary>
    public static async Task<RawSocket> ConnectAsync(Uri server, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = ReceiveBytes,
            NoDelay = true,
        };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), ct);
        return new RawSocket(socket);
    }

    /// <summary>Connects and asks for a channel's WebSocket, without reading a byte of the answer.</summary>
    public static async Task<RawSocket> SubscribeAsync(Uri server, Probe probe, CancellationToken ct)
    {
        var socket = await ConnectAsync(server, ct);
        var request =
            $"GET /parties/channel-room/{probe.ChannelId}?after=0 HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {probe.Token}\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        await socket._socket.SendAsync(Encoding.ASCII.GetBytes(request), ct);
        return socket;
    }

    /// <summary>Sends bytes and then says that no more will come; a server that has closed meanwhile takes none.</summary>
    public async Task SendAndShutDownAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, ct)..];
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
            when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            // Closed on us in the middle of what it no longer reads.
        }
    }

    /// <summary>Reads what there is now, up to the size of the buffer. 0: the server has closed; null: it has cut the connection off.</summary>
    public async Task<int?> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, ct);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return null;
        }
    }

    /// <summary>Reads until the server ends the connection.</summary>
    /// <returns>The last bytes that came.</returns>
    public async Task<byte[]> ReadToEndAsync(CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        byte[] last = [];
        while (await ReadAsync(buffer, ct) is > 0 and var count)
            last = [.. last.TakeLast(256), .. buffer.AsSpan(0, count)];
        return last;
    }

    public void Dispose() => _socket.Dispose();
}
