using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Ams.Cluster.Tests.Faults;

/// <summary>One request: its bytes, and whether its answer has a body.</summary>
internal sealed record FuzzRequest(byte[] Bytes, bool IsHead);

/// <summary>Makes requests and frames of a seed: what a client might send, with something wrong about most of it. The framing of HTTP itself stays whole, so that
/// requests can be pipelined; that of WebSocket does not.</summary>
internal sealed class FuzzInputs(int seed, Probe probe)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"];

    private static readonly string[] Paths =
    [
        "/v1/channels/{c}/messages",
        "/v1/channels/{c}/messages:batch",
        "/v1/channels/{c}/messages/{n}",
        "/v1/channels/{c}/messages/{n}/reactions/{s}",
        "/v1/channels/{c}/events",
        "/v1/channels/{c}/seq",
        "/v1/channels/{c}/members",
        "/v1/channels/{c}/members/{s}",
        "/v1/channels/{s}",
        "/v1/channels",
        "/v1/members",
        "/v1/members/{s}",
        "/v1/members/{s}/tokens",
        "/v1/tokens/{s}",
        "/v1/tokens/{s}/rotate",
        "/v1/direct",
        "/v1/audit",
        "/v1/me",
        "/v1/workspace",
        "/v1/workspaces",
        "/v1/feed",
        "/parties/channel-room/{c}",
        "/readyz",
        "/{s}",
    ];

    private static readonly string[] Members =
    [
        "after",
        "before",
        "limit",
        "thread",
        "cursor",
        "log_id",
        "at",
        "name",
        "actor",
        "confirm",
    ];

    private static readonly string[] Values =
    [
        "0",
        "1",
        "7",
        "-1",
        "1001",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        "",
        "%00",
        "%ff%fe",
        "2026-11-22T08:00:00.123Z",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z",
        "..%2f..%2f",
        "%F0%9F%98%80",
        "chn_",
        "'%20or%201=1--",
        "null",
        "%7b%7d",
    ];

    private static readonly string[] Bodies =
    [
        """{"text":"hello","payload":{"run":17,"deep":[{"a":[1,2.50,-0e1,true,null,"\u00e9"]}]},"reply_to":1,"mentions":[]}""",
        """{"text":"","payload":{},"idempotency_key":"k"}""",
        """{"messages":[{"text":"a","idempotency_key":"a"},{"text":"b","idempotency_key":"b","payload":{"x":1}}]}""",
        """{"name":"fuzz","slug":"fuzz","topic":"t","visibility":"private","kind":"agent","role":"member","scopes":["messages:read"]}""",
        """{"principals":["prn_x"],"overlap_seconds":300,"expires_at":"2030-01-01T00:00:00Z"}""",
        """{"type":"send","ref":"1","idempotency_key":"k","text":"over a socket","payload":{"a":1}}""",
        """{"type":"ping","ref":"2"}""",
        """{"type":"typing"}""",
        """{"type":"subscribe","channel_id":"chn_x","after":0}""",
    ];

    private static readonly string[] Pieces =
    [
        "\\ud800",
        "\\u0000",
        "\0",
        "\"",
        "{",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "}",
        "1e999999",
        "-",
        "99999999999999999999999999",
        "null",
        "//",
        ",",
        "\uFEFF",
        "\"text\":\"again\",",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A request.</summary>
    public FuzzRequest NextRequest()
    {
        var method = _random.Next(3) == 0 ? Pick(Methods) : "POST";
        var path = Path();
        if (_random.Next(2) == 0 && method is "POST")
            method = "GET";
        // The one channel is not archived on the way, or every later post would be refused alike.
        if (method is "DELETE" && path.Contains(probe.ChannelId, StringComparison.Ordinal))
            method = "PUT";
        var body = method is "GET" or "HEAD" && _random.Next(8) != 0 ? [] : Body();
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: fuzz\r\n");
        AddHeaders(head);
        if (body.Length > 0 || method is not "GET")
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        head.Append("\r\n");
        return new FuzzRequest([.. Encoding.Latin1.GetBytes(head.ToString()), .. body], method is "HEAD");
    }

    /// <summary>A frame of a client.</summary>
    public byte[] NextFrame()
    {
        var payload = Body();
        var kind = _random.Next(10);
        var first = kind switch
        {
            0 => (byte)_random.Next(256),
            1 => (byte)0x89,
            2 => (byte)0x82,
            _ => (byte)0x81,
        };
        var frame = new List<byte> { first };
        var masked = _random.Next(40) != 0 ? 0x80 : 0;
        if (payload.Length < 126)
            frame.Add((byte)(masked | payload.Length));
        else
        {
            Span<byte> length = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Math.Min(payload.Length, ushort.MaxValue));
            frame.Add((byte)(masked | 126));
            frame.AddRange(length);
        }
        if (masked != 0)
            frame.AddRange([0, 0, 0, 0]);
        frame.AddRange(payload);
        if (_random.Next(30) == 0)
            frame[_random.Next(Math.Min(frame.Count, 8))] = (byte)_random.Next(256);
        return [.. frame];
    }

    private string Path()
    {
        var path = Pick(Paths)
            .Replace("{c}", _random.Next(10) == 0 ? Pick(Values) : probe.ChannelId, StringComparison.Ordinal)
            .Replace("{n}", Pick(Values), StringComparison.Ordinal)
            .Replace("{s}", Pick(Values), StringComparison.Ordinal);
        for (var i = _random.Next(3); i > 0; i--)
            path += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Pick(Members) + "=" + Pick(Values);
        if (_random.Next(20) == 0)
            path = path.Insert(1 + _random.Next(path.Length), ((char)_random.Next(0x21, 0x7F)).ToString());
        return path;
    }

    private void AddHeaders(StringBuilder head)
    {
        var token = _random.Next(10) switch
        {
            0 => null,
            1 => "Bearer " + probe.Token[..^1] + "x",
            2 => Text(40),
            _ => "Bearer " + probe.Token,
        };
        if (token is not null)
            head.Append(CultureInfo.InvariantCulture, $"Authorization: {token}\r\n");
        if (_random.Next(4) != 0)
            // Few keys, so that most valid posts are repeats and the log stays short.
            head.Append(
                CultureInfo.InvariantCulture,
                $"Idempotency-Key: {(_random.Next(10) == 0 ? Text(300) : $"k{_random.Next(64)}")}\r\n"
            );
        if (_random.Next(5) != 0)
            head.Append("Content-Type: application/json\r\n");
        else
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {Text(30)}\r\n");
        switch (_random.Next(8))
        {
            case 0:
                head.Append("Accept: application/x-ndjson\r\n");
                break;
            case 1:
                head.Append(CultureInfo.InvariantCulture, $"Accept: {Text(30)}\r\n");
                break;
            case 2:
                head.Append(CultureInfo.InvariantCulture, $"X-Request-Id: {Text(200)}\r\n");
                break;
            case 3:
                head.Append(CultureInfo.InvariantCulture, $"Origin: {Text(20)}\r\nLast-Event-ID: {Text(10)}\r\n");
                break;
        }
    }

    private byte[] Body()
    {
        var text = Pick(Bodies);
        if (_random.Next(6) == 0)
        {
            var noise = new byte[_random.Next(200)];
            _random.NextBytes(noise);
            return noise;
        }
        for (var i = _random.Next(3); i > 0; i--)
        {
            var at = _random.Next(text.Length + 1);
            text = _random.Next(4) switch
            {
                0 => text[..at],
                1 => text.Insert(at, Pick(Pieces)),
                2 when at < text.Length => text.Remove(at, Math.Min(text.Length - at, 1 + _random.Next(8))),
                _ => text.Insert(at, text[at..]),
            };
            if (text.Length > 4000)
                text = text[..4000];
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && _random.Next(5) == 0)
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        return bytes;
    }

    // Anything that may stand in a header's value, and now and then something that may not.
    private string Text(int lengthMax)
    {
        var text = new StringBuilder();
        for (var i = _random.Next(lengthMax); i > 0; i--)
            text.Append((char)_random.Next(0x20, _random.Next(50) == 0 ? 0x100 : 0x7F));
        return text.ToString();
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
