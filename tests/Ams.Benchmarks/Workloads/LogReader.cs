using System.Net.WebSockets;
using System.Text.Json;
using Ams.Benchmarks.Load;

namespace Ams.Benchmarks.Workloads;

/// <summary>Reads a whole log through each door, and checks on the way that every number is there once and in order.</summary>
internal static class LogReader
{
    private const int PageItems = 1000;

    /// <summary>Fails unless the log is 1…<paramref name="count"/>.</summary>
    public static async Task CheckAsync(Bench bench, string channel, long count, CancellationToken ct)
    {
        var last = await NdjsonAsync(bench, channel, ct);
        if (last != count)
            throw new InvalidDataException($"{count} posts were acknowledged and the log ends at {last}.");
    }

    public static async Task<long> NdjsonAsync(Bench bench, string channel, CancellationToken ct)
    {
        using var connection = await HttpConnection.OpenAsync(bench.Server, ct);
        var check = new SequenceCheck(0);
        var path = $"/v1/channels/{channel}/events?after=0";
        var request = HttpConnection.Request(bench.Server, "GET", path, bench.Token, "Accept: application/x-ndjson\r\n");
        var status = await connection.StreamAsync(request, check.Add, ct);
        return status == 200 ? check.Last : throw new InvalidDataException($"ndjson answered {status}.");
    }

    public static async Task<long> PagesAsync(Bench bench, string channel, CancellationToken ct)
    {
        using var connection = await HttpConnection.OpenAsync(bench.Server, ct);
        var after = 0L;
        while (true)
        {
            var check = new SequenceCheck(after);
            var path = $"/v1/channels/{channel}/events?after={after}&limit={PageItems}";
            var request = HttpConnection.Request(bench.Server, "GET", path, bench.Token, "Accept: application/json\r\n");
            var status = await connection.StreamAsync(request, check.Add, ct);
            if (status != 200)
                throw new InvalidDataException($"A page answered {status}.");
            if (check.Last == after)
                return after;
            after = check.Last;
        }
    }

    public static async Task<long> SocketAsync(Bench bench, string channel, CancellationToken ct)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {bench.Token}");
        var address = new UriBuilder(new Uri(bench.Server, $"/parties/channel-room/{channel}?after=0")) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(address, ct);
        var buffer = new byte[64 * 1024];
        var check = new SequenceCheck(0);
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
                length += part.Count;
            } while (!part.EndOfMessage);
            if (part.MessageType != WebSocketMessageType.Text)
                throw new InvalidDataException($"Closed with {(int?)socket.CloseStatus} at {check.Last}.");
            var frame = buffer.AsSpan(0, length);
            if (frame.StartsWith("{\"type\":\"message."u8))
                check.Add(frame);
            else if (IsCaughtUp(frame))
                return check.Last;
        }
    }

    private static bool IsCaughtUp(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("type").ValueEquals("caught_up");
    }
}
