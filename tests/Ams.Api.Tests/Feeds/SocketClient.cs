using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ams.Api.Tests.Feeds;

/// <summary>A WebSocket client that sends any bytes, torn anywhere, and sees every frame.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private SocketClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = new BufferedStream(tcp.GetStream(), 64 * 1024);
    }

    /// <summary>The status of the answer: 101, or that of a problem.</summary>
    public int Status { get; private set; }

    /// <summary>The answer's headers.</summary>
    public string Head { get; private set; } = "";

    /// <summary>The problem, when it was not accepted.</summary>
    public JsonElement Problem { get; private set; }

    public static async Task<SocketClient> OpenAsync(Uri server, string path, string headers, string version = "13")
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port);
        var client = new SocketClient(tcp);
        await client.RawAsync(
            Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + $"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
            )
        );
        await client.ReadHeadAsync();
        return client;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task RawAsync(params ReadOnlyMemory<byte>[] pieces)
    {
        foreach (var piece in pieces)
            await _tcp.GetStream().WriteAsync(piece);
    }

    public Task SendAsync(string text) => RawAsync(ClientFrames.Text(text));

    /// <summary>The next frame of any kind; null at the end of the stream.</summary>
    public async Task<(int Opcode, byte[] Payload)?> FrameAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var header = new byte[8];
        try
        {
            await _stream.ReadExactlyAsync(header.AsMemory(0, 2), patience.Token);
            (header[1] & 0x80).ShouldBe(0, "a server never masks");
            (header[0] & 0xF0).ShouldBe(0x80, "a server never fragments");
            long length = header[1];
            var more = length switch
            {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            var opcode = header[0] & 0x0F;
            await _stream.ReadExactlyAsync(header.AsMemory(0, more), patience.Token);
            if (more == 2)
                length = BinaryPrimitives.ReadUInt16BigEndian(header);
            else if (more == 8)
                length = BinaryPrimitives.ReadInt64BigEndian(header);
            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, patience.Token);
            return (opcode, payload);
        }
        catch (Exception e) when (e is IOException)
        {
            return null;
        }
    }

    /// <summary>The next text frame that is not <c>presence</c>, which may come at any time.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            var frame = await FrameAsync() ?? throw new InvalidOperationException("The connection has ended.");
            if (frame.Opcode == 0x9)
            {
                await RawAsync(ClientFrames.Pong());
                continue;
            }
            frame.Opcode.ShouldBe(0x1, frame.Opcode == 0x8 ? $"closed: {Convert.ToHexString(frame.Payload)}" : null);
            var json = JsonDocument.Parse(frame.Payload).RootElement;
            if (json.GetProperty("type").GetString() != "presence")
                return json;
        }
    }

    /// <summary>The next text frame, of this type or the test fails.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        var frame = await NextAsync();
        frame.GetProperty("type").GetString().ShouldBe(type, frame.GetRawText());
        return frame;
    }

    /// <summary>Passes over frames until one of this type.</summary>
    public async Task<JsonElement> UntilAsync(string type)
    {
        while (true)
        {
            var frame = await FrameAsync() ?? throw new InvalidOperationException("The connection has ended.");
            if (frame.Opcode != 0x1)
                continue;
            var json = JsonDocument.Parse(frame.Payload).RootElement;
            if (json.GetProperty("type").GetString() == type)
                return json;
        }
    }

    /// <summary>Passes over frames until the close, answers it, and sees that the server ends the connection.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        while (await FrameAsync() is { } frame)
        {
            if (frame.Opcode != 0x8)
                continue;
            await RawAsync(ClientFrames.Close(1000));
            (await FrameAsync()).ShouldBeNull();
            return (BinaryPrimitives.ReadUInt16BigEndian(frame.Payload), Encoding.UTF8.GetString(frame.Payload.AsSpan(2)));
        }
        return (1006, "");
    }

    /// <summary>hello and caught_up of a room that is at its head.</summary>
    public async Task<SocketClient> LiveAsync()
    {
        await NextAsync("hello");
        await NextAsync("caught_up");
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task ReadHeadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, patience.Token);
            head.Append((char)one[0]);
        }
        Head = head.ToString();
        Status = int.Parse(Head.AsSpan(9, 3));
        if (Status == 101)
            return;
        var length = int.Parse(System.Text.RegularExpressions.Regex.Match(Head, "Content-Length: (\\d+)").Groups[1].Value);
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, patience.Token);
        Problem = JsonDocument.Parse(body).RootElement;
    }
}
