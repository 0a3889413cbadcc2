using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ams.Cluster.Tests.Faults;

/// <summary>A raw HTTP/1.1 connection that pipelines: many requests in one write, then their answers in order.</summary>
internal sealed class FuzzPipe(Uri server) : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private Socket? _socket;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Sends requests and gives each one's status. A server may close after any of them; the rest goes over a new connection.</summary>
    /// <param name="judge">Gets the request, the status and the whole answer; the status is 0 for one that was closed on without an answer.</param>
    public async Task SendAsync(
        IReadOnlyList<FuzzRequest> requests,
        Action<FuzzRequest, int, ReadOnlyMemory<byte>> judge,
        CancellationToken ct
    )
    {
        var alone = false;
        for (var next = 0; next < requests.Count; )
        {
            var end = alone ? next + 1 : requests.Count;
            var socket = _socket ??= await ConnectAsync(ct);
            var answered = 0;
            try
            {
                await socket.SendAsync(requests.Take(end).Skip(next).SelectMany(request => request.Bytes).ToArray(), ct);
                while (next + answered < end && await ReadAsync(requests[next + answered], judge, ct))
                    answered++;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // Closed on us in the middle of what it no longer reads.
            }
            next += answered;
            if (next < end)
            {
                Reset();
                if (alone)
                    judge(requests[next++], 0, default);
            }
            // A server that closes before it has read everything resets the connection, and the answers on their way are lost with it: the next request
            // goes alone, so that its answer can't be.
            alone = !alone && answered == 0;
        }
    }

    public void Dispose() => Reset();

    private async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), ct);
        return socket;
    }

    private void Reset()
    {
        _socket?.Dispose();
        _socket = null;
        _start = _end = 0;
    }

    private async Task<bool> ReadAsync(
        FuzzRequest request,
        Action<FuzzRequest, int, ReadOnlyMemory<byte>> judge,
        CancellationToken ct
    )
    {
        int head;
        while ((head = _buffer.AsSpan(_start, _end - _start).IndexOf(HeadEnd)) < 0)
        {
            if (!await FillAsync(ct))
                return false;
        }
        head += HeadEnd.Length;
        var text = Encoding.Latin1.GetString(_buffer, _start, head);
        var status = int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var length = head;
        if (!request.IsHead && status is not (204 or 304))
        {
            if (Header(text, "Content-Length") is { } bytes)
                length += int.Parse(bytes, CultureInfo.InvariantCulture);
            else if (Header(text, "Transfer-Encoding") is not null)
            {
                if (await ChunksAsync(head, ct) is not { } end)
                    return false;
                length = end;
            }
        }
        while (_end - _start < length)
        {
            if (!await FillAsync(ct))
                return false;
        }
        judge(request, status, _buffer.AsMemory(_start, length));
        _start += length;
        return true;
    }

    // Where the last chunk ends, counted from the start of the answer.
    private async ValueTask<int?> ChunksAsync(int at, CancellationToken ct)
    {
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(_start + at, Math.Max(0, _end - _start - at)).IndexOf("\r\n"u8)) < 0)
            {
                if (!await FillAsync(ct))
                    return null;
            }
            var size = int.Parse(
                Encoding.ASCII.GetString(_buffer, _start + at, line),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            );
            at += line + 2 + size + 2;
            while (_end - _start < at)
            {
                if (!await FillAsync(ct))
                    return null;
            }
            if (size == 0)
                return at;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var count = await _socket!.ReceiveAsync(_buffer.AsMemory(_end), ct);
        _end += count;
        return count > 0;
    }

    private static string? Header(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        at += name.Length + 4;
        return head[at..head.IndexOf('\r', at)];
    }
}
