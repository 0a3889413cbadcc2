using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ams.Benchmarks.Load;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends prepared bytes and reads answers in place, so that the load generator costs little beside
/// the server it measures. Not thread-safe. Knows Content-Length and chunked bodies, nothing else.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    public static async Task<HttpConnection> OpenAsync(Uri server, CancellationToken ct)
    {
        var connection = new HttpConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port), ct);
        return connection;
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(
        Uri server,
        string method,
        string path,
        string token,
        string? headers = null,
        string? body = null
    ) =>
        Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {token}\r\n"
                + (
                    body is null
                        ? ""
                        : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
                )
                + headers
                + "\r\n"
                + body
        );

    /// <summary>Sends a request and reads the whole answer. The body is valid until the next call.</summary>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> ExchangeAsync(
        ReadOnlyMemory<byte> request,
        CancellationToken ct
    )
    {
        await SendAsync(request, ct);
        var (status, bodyBytes) = await ReadHeadAsync(ct);
        if (bodyBytes >= 0)
            return (status, await TakeAsync(bodyBytes, ct));
        var body = new ArrayBufferWriter<byte>();
        await TakeChunksAsync(chunk => body.Write(chunk), ct);
        return (status, body.WrittenMemory);
    }

    /// <summary>Sends a request and hands on each piece of the body as it arrives.</summary>
    public async Task<int> StreamAsync(ReadOnlyMemory<byte> request, Action<ReadOnlySpan<byte>> piece, CancellationToken ct)
    {
        await SendAsync(request, ct);
        var (status, bodyBytes) = await ReadHeadAsync(ct);
        if (bodyBytes >= 0)
        {
            piece((await TakeAsync(bodyBytes, ct)).Span);
            return status;
        }
        await TakeChunksAsync(piece, ct);
        return status;
    }

    public void Dispose() => _socket.Dispose();

    private async Task TakeChunksAsync(Action<ReadOnlySpan<byte>> piece, CancellationToken ct)
    {
        while (true)
        {
            var length = await ReadChunkLengthAsync(ct);
            var chunk = await TakeAsync(length + 2, ct);
            if (length == 0)
                return;
            piece(chunk.Span[..length]);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, ct)..];
    }

    private async ValueTask<(int Status, int BodyBytes)> ReadHeadAsync(CancellationToken ct)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(ct);
        var head = Encoding.ASCII.GetString(_buffer, _start, length);
        _start += length + 4;
        var status = int.Parse(head.AsSpan(9, 3));
        const string contentLength = "\r\ncontent-length:";
        var at = head.IndexOf(contentLength, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return (status, head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? -1 : 0);
        var value = head.AsSpan(at + contentLength.Length);
        var end = value.IndexOf('\r');
        return (status, int.Parse(end < 0 ? value : value[..end]));
    }

    private async ValueTask<int> ReadChunkLengthAsync(CancellationToken ct)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            await FillAsync(ct);
        var value = Convert.ToInt32(Encoding.ASCII.GetString(_buffer, _start, length), 16);
        _start += length + 2;
        return value;
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync(int bytes, CancellationToken ct)
    {
        while (_end - _start < bytes)
            await FillAsync(ct);
        var taken = _buffer.AsMemory(_start, bytes);
        _start += bytes;
        return taken;
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), ct);
        if (read == 0)
            throw new IOException("The server closed the connection.");
        _end += read;
    }
}
