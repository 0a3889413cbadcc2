using System.Net;
using System.Net.WebSockets;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>One connection to a channel room, or to the feed. One reader and one writer at a time. A fault is a value: <see cref="Received.Closed"/>.</summary>
internal sealed class ChannelSocket : IAsyncDisposable
{
    /// <summary>RFC 6455: the connection broke without a close frame.</summary>
    public const int Broken = 1006;

    private static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(30);
    private static readonly byte[] PingFrame = """{"type":"ping"}"""u8.ToArray();

    private readonly ClientWebSocket _socket;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = new byte[16 * 1024];
    private Task<Received>? _receiving;

    private ChannelSocket(ClientWebSocket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
    }

    /// <summary>How often the server shows that it is alive; from its <c>hello</c>.</summary>
    public TimeSpan Heartbeat { get; private set; } = DefaultHeartbeat;

    /// <summary>Where the server begins; from its <c>hello</c>.</summary>
    public long After { get; private set; }

    /// <summary>The log's incarnation; from the server's <c>hello</c>.</summary>
    public string? LogId { get; private set; }

    /// <summary>Connects, and reads the <c>hello</c>.</summary>
    /// <returns>The socket, or why there is none and whether to come back.</returns>
    /// <exception cref="AmsException">The server refuses for good.</exception>
    public static Task<(ChannelSocket? Socket, Received.Closed? End)> TryConnectAsync(
        AmsClientOptions options,
        AmsHttp http,
        string channelId,
        long? after,
        string? logId,
        CancellationToken ct
    )
    {
        var query = new Query($"parties/channel-room/{Uri.EscapeDataString(channelId)}").Add("after", after).Add("log_id", logId);
        return TryConnectAsync(options, http, query.ToString(), () => http.SendAsync(Probe(channelId, after, logId), ct), ct);
    }

    /// <summary>Connects to the feed, and reads its <c>hello</c>.</summary>
    /// <returns>The socket, or why there is none and whether to come back.</returns>
    /// <exception cref="AmsException">The server refuses for good.</exception>
    public static Task<(ChannelSocket? Socket, Received.Closed? End)> TryConnectToFeedAsync(
        AmsClientOptions options,
        AmsHttp http,
        CancellationToken ct
    ) => TryConnectAsync(options, http, "v1/feed", () => ProbeFeedAsync(http, ct), ct);

    private static async Task<(ChannelSocket? Socket, Received.Closed? End)> TryConnectAsync(
        AmsClientOptions options,
        AmsHttp http,
        string path,
        Func<Task> probe,
        CancellationToken ct
    )
    {
        var uri = new UriBuilder(new Uri(http.Root, path)) { Scheme = http.Root.Scheme == "https" ? "wss" : "ws" }.Uri;
        var socket = new ChannelSocket(NewSocket(options), options.Time);
        try
        {
            if (await socket.UpgradeAsync(uri, options, ct) is { } refused)
            {
                await socket.DisposeAsync();
                if (!MaySucceedLater(socket._socket.HttpStatusCode))
                {
                    // A socket does not carry the problem; the same question over HTTP does. Should that one pass, so may the next attempt.
                    await probe();
                }

                return (null, refused);
            }

            switch (await socket.ReadAsync(ct))
            {
                case Received.Control { Frame: { Type: FrameTypes.Hello } hello }:
                    socket.Begin(hello);
                    return (socket, null);
                case Received.Closed closed:
                    await socket.DisposeAsync();
                    return (null, closed);
                default:
                    throw new AmsProtocolException("The first frame of a socket is not a hello.");
            }
        }
        catch
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next frame. A server that stays silent for a heartbeat is asked for a pong; one silent for two is given up as broken.</summary>
    public async Task<Received> ReadAsync(CancellationToken ct)
    {
        var receiving = _receiving ??= ReceiveAsync();
        for (var silentHeartbeats = 0; !receiving.IsCompleted; silentHeartbeats++)
        {
            if (silentHeartbeats == 2)
            {
                _socket.Abort();
                return new Received.Closed((int)CloseCode.HeartbeatMissed, "the server was silent for two heartbeats");
            }

            if (silentHeartbeats == 1)
            {
                await SendAsync(PingFrame, ct);
            }

            try
            {
                await receiving.WaitAsync(Heartbeat, _time, ct);
            }
            catch (TimeoutException)
            {
                continue;
            }

            break;
        }

        _receiving = null;
        return await receiving;
    }

    /// <summary>Sends a frame. A socket that can't send any more says so to its reader.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, ct);
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidOperationException or IOException)
        {
            // The reader sees the same end with its close code, and decides.
            _socket.Abort();
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, soon.Token);
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                _socket.Abort();
            }
        }

        _socket.Dispose();
        if (_receiving is { } pending)
        {
            // Ends at once: the socket is gone. Nobody reads what it ends with.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _sending.Dispose();
    }

    private async Task<Received> ReceiveAsync()
    {
        try
        {
            var length = 0;
            while (true)
            {
                if (length == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }

                var result = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return new Received.Closed(CodeOf(_socket.CloseStatus), _socket.CloseStatusDescription ?? "");
                }

                length += result.Count;
                if (result.EndOfMessage)
                {
                    return Received.Parse(_buffer.AsSpan(0, length).ToArray());
                }
            }
        }
        catch (Exception fault)
            when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            return new Received.Closed(Broken, "the connection broke", fault);
        }
    }

    private static ClientWebSocket NewSocket(AmsClientOptions options)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("User-Agent", options.UserAgent);
        if (options.Token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {options.Token}");
        }

        return socket;
    }

    /// <returns>Null when the socket is open.</returns>
    private async Task<Received.Closed?> UpgradeAsync(Uri uri, AmsClientOptions options, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.Retry.AttemptTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await _socket.ConnectAsync(uri, linked.Token);
            return null;
        }
        catch (Exception fault)
            when (fault is WebSocketException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            var retryAfter = _socket.HttpResponseHeaders is { } headers ? Header(headers, "Retry-After") : null;
            return new Received.Closed(Broken, fault.Message, fault)
            {
                RetryAfter = retryAfter is null ? null : AmsHttp.RetryAfter(retryAfter),
            };
        }
    }

    private void Begin(ServerFrame hello)
    {
        Heartbeat = hello.HeartbeatSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultHeartbeat;
        After = hello.After ?? hello.HeadSeq ?? 0;
        LogId = hello.LogId;
    }

    /// <summary>A close frame without a code says no more than a connection that broke.</summary>
    private static int CodeOf(WebSocketCloseStatus? status) =>
        status is { } code and not WebSocketCloseStatus.Empty ? (int)code : Broken;

    private static bool MaySucceedLater(HttpStatusCode status) => (int)status is 0 or 429 or 502 or 503 or 504;

    private static Call Probe(string channelId, long? after, string? logId)
    {
        var query = new Query($"{ChannelsResource.Path(channelId)}/events").Add("after", after ?? 0).Add("log_id", logId);
        return new Call(HttpMethod.Get, query.Add("limit", 1).ToString());
    }

    /// <summary>Token and scope are judged before the form; a refused form means that they would pass now.</summary>
    private static async Task ProbeFeedAsync(AmsHttp http, CancellationToken ct)
    {
        try
        {
            await http.SendAsync(new Call(HttpMethod.Get, "v1/feed"), ct);
        }
        catch (AmsException fault) when (fault.Status == (int)HttpStatusCode.BadRequest)
        {
            return;
        }
    }

    private static string? Header(IReadOnlyDictionary<string, IEnumerable<string>> headers, string name) =>
        headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    /// <summary>What a close code means, in words and with an HTTP status, for one that says "stop".</summary>
    public static AmsException Refusal(Received.Closed closed)
    {
        var (status, code, detail) = closed.Code switch
        {
            (int)CloseCode.UnreadableFrame => (400, ErrorCodes.InvalidJson.Code, "The server could not read a frame."),
            (int)CloseCode.Unauthorised => (
                401,
                ErrorCodes.UnknownToken.Code,
                "The token is missing, unknown, expired or revoked."
            ),
            (int)CloseCode.AccessLost => (
                403,
                ErrorCodes.ScopeMissing.Code,
                "The token's scope or membership is missing or was lost."
            ),
            (int)CloseCode.NoSuchChannel => (404, ErrorCodes.NotFound.Code, "There is no such channel for this token."),
            (int)CloseCode.InvalidCursor => (
                400,
                ErrorCodes.InvalidCursor.Code,
                "The position is of another log; read it again."
            ),
            (int)CloseCode.LogTruncated => (410, ErrorCodes.LogTruncated.Code, "Retention removed what follows the position."),
            (int)CloseCode.FrameTooLarge => (413, ErrorCodes.BodyTooLarge.Code, "A frame was over 1 MiB."),
            _ => (0, "closed", $"The server closed the socket with code {closed.Code}."),
        };
        if (closed.Reason.Length > 0)
        {
            detail = $"{detail} ({closed.Reason})";
        }

        return new AmsException(new Problem($"/problems/{code}", "Socket closed", status, detail, code, "", Retryable: false))
        {
            CloseCode = closed.Code,
        };
    }
}
