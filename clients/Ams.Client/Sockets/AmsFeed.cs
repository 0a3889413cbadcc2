using System.Runtime.CompilerServices;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Many channels over one socket. Channels come and go at any time, from any thread; one reader reads. After a lost connection every channel
/// resumes behind its last event.</summary>
/// <example><code>
/// var feed = ams.OpenFeed();
/// await feed.SubscribeAsync(builds, after: 0);
/// await foreach (var item in feed.ReadAsync(ct))
///     if (item is FeedItem.Logged { Event: var e })
///         Console.WriteLine($"{e.ChannelId} {e.ChannelSeq} {e.Text}");
/// </code></example>
public sealed class AmsFeed
{
    /// <summary>A server that breaks the order of a log is asked again this often before the reader is told.</summary>
    private const int GapsMax = 3;

    // The answer to a ping wakes the reader, which alone opens channels. If the connection breaks instead, the next one opens them.
    private static readonly byte[] WakeFrame = """{"type":"ping","ref":"wake"}"""u8.ToArray();

    private readonly AmsClientOptions _client;
    private readonly AmsHttp _http;
    private readonly FeedOptions _options;
    private readonly Backoff _backoff;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Followed> _followed = new(StringComparer.Ordinal);
    private ChannelSocket? _socket;
    private int _gaps;
    private long _lostAt;
    private int _readers;

    internal AmsFeed(AmsClientOptions client, AmsHttp http, FeedOptions options)
    {
        _client = client;
        _http = http;
        _options = options;
        _backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, client.Jitter);
    }

    /// <summary>Follows a channel from a position on. What comes of it, a refusal too, comes to the reader.</summary>
    /// <param name="channelId">The channel.</param>
    /// <param name="after">The number of the last event that the caller has; 0: from the beginning; null: from the head on.</param>
    /// <param name="logId">The log that <paramref name="after"/> was read from; another one is refused with <c>invalid_cursor</c>. Null: whatever
    /// log there is.</param>
    /// <param name="ct">Cancels the sending, not the subscription.</param>
    /// <exception cref="InvalidOperationException">This feed follows the channel already.</exception>
    public async ValueTask SubscribeAsync(
        string channelId,
        long? after = null,
        string? logId = null,
        CancellationToken ct = default
    )
    {
        ChannelSocket? socket;
        lock (_lock)
        {
            if (!_followed.TryAdd(channelId, new Followed(channelId) { Last = after, LogId = logId }))
            {
                throw new InvalidOperationException($"This feed follows {channelId} already; unsubscribe first.");
            }

            socket = _socket;
        }

        if (socket is not null)
        {
            await socket.SendAsync(WakeFrame, ct);
        }
    }

    /// <summary>Follows a channel no more; without effect if it was not followed. Nothing of it is read after this, but for what the reader has already.</summary>
    public async ValueTask UnsubscribeAsync(string channelId, CancellationToken ct = default)
    {
        ChannelSocket? socket;
        lock (_lock)
        {
            socket = _followed.Remove(channelId) ? _socket : null;
        }

        if (socket is not null)
        {
            var frame = new UnsubscribeFrame(channelId);
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, ClientJson.Default.UnsubscribeFrame), ct);
        }
    }

    /// <summary>Everything that comes, at the reader's pace, until it is cancelled. Reconnects by the close-code rules.</summary>
    /// <exception cref="AmsException">The server refused the feed itself for good: the token or its scope.</exception>
    /// <exception cref="InvalidOperationException">Somebody reads already.</exception>
    public async IAsyncEnumerable<FeedItem> ReadAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        if (Interlocked.Exchange(ref _readers, 1) != 0)
        {
            throw new InvalidOperationException("A feed has one reader.");
        }

        _lostAt = _client.Time.GetTimestamp();
        try
        {
            while (true)
            {
                Tell(SubscriptionPhase.Connecting);
                var (socket, end) = await ChannelSocket.TryConnectToFeedAsync(_client, _http, ct);
                if (socket is not null)
                {
                    await using var _ = socket;
                    Connected(socket);
                    Tell(SubscriptionPhase.CatchingUp);
                    while (end is null)
                    {
                        while (NextToOpen() is { } followed)
                        {
                            if (await OpenAsync(socket, followed, ct) is { } refused)
                            {
                                yield return refused;
                            }
                        }

                        var received = await socket.ReadAsync(ct);
                        (var item, end) = received switch
                        {
                            Received.LogEvent found => OnEvent(found.Event),
                            Received.Control control => (await OnControlAsync(control, ct), null),
                            _ => (null, (Received.Closed)received),
                        };
                        if (item is not null)
                        {
                            yield return item;
                        }
                    }

                    _lostAt = _client.Time.GetTimestamp();
                }

                await PauseAsync(end!, ct);
            }
        }
        finally
        {
            lock (_lock)
            {
                _socket = null;
            }

            Volatile.Write(ref _readers, 0);
        }
    }

    private void Connected(ChannelSocket socket)
    {
        lock (_lock)
        {
            _socket = socket;
            foreach (var followed in _followed.Values)
            {
                followed.Opened = false;
            }
        }
    }

    private Followed? NextToOpen()
    {
        lock (_lock)
        {
            return _followed.Values.FirstOrDefault(followed => !followed.Opened);
        }
    }

    /// <summary>Subscribes on the wire. The position and the log are fixed before the first time, so that nothing is lost between two connections.</summary>
    private async Task<FeedItem?> OpenAsync(ChannelSocket socket, Followed followed, CancellationToken ct)
    {
        if (followed.Last is null || followed.LogId is null)
        {
            try
            {
                var path = $"{ChannelsResource.Path(followed.ChannelId)}/messages?limit=1";
                var newest = (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(ClientJson.Default.LogPageFacts);
                followed.Last ??= newest.HeadSeq;
                followed.LogId ??= newest.LogId;
            }
            catch (AmsException fault) when (!fault.Retryable && fault.Status is not 401)
            {
                return End(followed, fault);
            }
        }

        followed.Opened = true;
        var frame = new SubscribeFrame(followed.ChannelId, followed.Last, followed.LogId);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, ClientJson.Default.SubscribeFrame), ct);
        return null;
    }

    private (FeedItem? Item, Received.Closed? End) OnEvent(AmsEvent found)
    {
        // What was left behind, or was seen already, is passed over.
        if (Find(found.ChannelId) is not { Last: { } last } followed || found.ChannelSeq <= last)
        {
            return (null, null);
        }

        if (found.ChannelSeq == last + 1)
        {
            followed.Last = found.ChannelSeq;
            Progress();
            return (new FeedItem.Logged(found), null);
        }

        var what = $"event {found.ChannelSeq} of {found.ChannelId} came after {last}";
        return ++_gaps < GapsMax
            ? (null, new Received.Closed(ChannelSocket.Broken, what))
            : throw new AmsProtocolException($"The log has a gap: {what}, {GapsMax} times over.");
    }

    private async Task<FeedItem?> OnControlAsync(Received.Control control, CancellationToken ct)
    {
        var frame = control.Frame;
        var followed = frame.ChannelId is { } channelId ? Find(channelId) : null;
        switch (frame.Type)
        {
            case FrameTypes.CaughtUp when followed is { Last: { } last, LogId: { } logId }:
                Progress();
                return new FeedItem.CaughtUp(followed.ChannelId, last, logId);
            case FrameTypes.Error when followed is not null && frame.Retryable == true:
                // The server reads on at our pace, so a pause here is a pause for it too.
                await Task.Delay(_backoff.Next(), _client.Time, ct);
                followed.Opened = false;
                return null;
            case FrameTypes.Error when followed is not null:
                return End(followed, Refusal(frame));
            case FrameTypes.Presence or FrameTypes.Typing or FrameTypes.Read or FrameTypes.Channel:
                _options.OnSignal?.Invoke(frame.Type, control.Json);
                return null;
            default:
                // A pong has done its work by arriving; what concerns a channel that was left, and a frame of a newer server, is passed over.
                return null;
        }
    }

    private FeedItem.Ended End(Followed followed, AmsException why)
    {
        lock (_lock)
        {
            _followed.Remove(followed.ChannelId);
        }

        return new FeedItem.Ended(followed.ChannelId, why);
    }

    private Followed? Find(string channelId)
    {
        lock (_lock)
        {
            return _followed.GetValueOrDefault(channelId);
        }
    }

    private void Progress()
    {
        _backoff.Reset();
        _gaps = 0;
    }

    private async Task PauseAsync(Received.Closed end, CancellationToken ct)
    {
        lock (_lock)
        {
            _socket = null;
        }

        if (!CloseCodes.ShouldReconnect(end.Code) && end.Code != (int)CloseCode.Normal)
        {
            throw ChannelSocket.Refusal(end);
        }

        var delay = end.RetryAfter is { } asked ? _backoff.AtLeast(asked) : _backoff.Next();
        if (_client.Time.GetElapsedTime(_lostAt) + delay > _options.GiveUpAfter)
        {
            throw new AmsUnreachableException($"Can't reach {_http.Root} any more; check that the server runs.", end.Fault);
        }

        var reason = $"{end.Code} {end.Fault?.Message ?? end.Reason}".TrimEnd();
        Tell(SubscriptionPhase.Reconnecting, delay, reason);
        await Task.Delay(delay, _client.Time, ct);
    }

    private void Tell(SubscriptionPhase phase, TimeSpan? delay = null, string? reason = null) =>
        _options.OnState?.Invoke(new SubscriptionState(phase, ChannelSeq: null, LogId: null, delay, reason));

    private static AmsException Refusal(ServerFrame frame)
    {
        var code = frame.Code ?? "error";
        var status = ErrorCodes.ByCode.GetValueOrDefault(code)?.Status ?? 0;
        var detail = frame.Detail ?? "The server ended the subscription.";
        return new AmsException(new Problem($"/problems/{code}", code, status, detail, code, "", Retryable: false));
    }

    /// <summary>A channel and how far it was read. Only the reader writes to it.</summary>
    private sealed class Followed(string channelId)
    {
        public string ChannelId { get; } = channelId;

        public long? Last { get; set; }

        public string? LogId { get; set; }

        /// <summary>Whether it was subscribed to on the present connection.</summary>
        public bool Opened { get; set; }
    }
}
