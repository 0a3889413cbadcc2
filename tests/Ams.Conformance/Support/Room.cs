using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Ams.Conformance;

/// <summary>One frame as received.</summary>
internal sealed record Frame(string Text)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>A type with a dot is an event of the log.</summary>
    public bool IsEvent => Type.Contains('.', StringComparison.Ordinal);

    public long Seq => Json.GetProperty("channel_seq").GetInt64();
}

/// <summary>A WebSocket, read frame by frame; what may be dropped (presence, typing, read) is passed over.</summary>
internal sealed class Room : IAsyncDisposable
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket;

    private Room(ClientWebSocket socket) => _socket = socket;

    public string? SubProtocol => _socket.SubProtocol;

    public static string Path(string channel, long? after = null) =>
        $"/parties/channel-room/{channel}" + (after is null ? "" : $"?after={after}");

    public static Task<Room> OpenAsync(Actor actor, string channel, long? after = null) =>
        OpenAtAsync(actor, Path(channel, after));

    public static Task<Room> OpenAtAsync(Actor actor, string path) =>
        OpenAsync(actor.Target, path, options => options.SetRequestHeader("Authorization", $"Bearer {actor.Token}"));

    /// <summary>Opens the feed of many channels.</summary>
    public static Task<Room> OpenFeedAsync(Actor actor) => OpenAtAsync(actor, "/v1/feed");

    /// <summary>Opens as a browser does: the token in a subprotocol, no header.</summary>
    public static Task<Room> OpenAsBrowserAsync(Actor actor, string path, string? origin = null) =>
        OpenAsync(
            actor.Target,
            path,
            options =>
            {
                options.AddSubProtocol("ams.v1");
                if (actor.Token.Length > 0)
                    options.AddSubProtocol($"ams.bearer.{actor.Token}");
                if (origin is not null)
                    options.SetRequestHeader("Origin", origin);
            }
        );

    public static async Task<Room> OpenAsync(Target target, string path, Action<ClientWebSocketOptions> configure)
    {
        var socket = new ClientWebSocket();
        configure(socket.Options);
        using var patience = new CancellationTokenSource(PatienceMax);
        try
        {
            await socket.ConnectAsync(target.SocketAt(path), patience.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new Room(socket);
    }

    /// <summary>Asks for an upgrade with plain HTTP, to read the problem that refuses it.</summary>
    public static Task<Answer> KnockAsync(Actor actor, string path, string? origin = null, string? protocol = null)
    {
        var request = actor.Request(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        if (protocol is not null)
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", protocol);
        return Target.SendAsync(request);
    }

    public async Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        await SendAsync(Encoding.UTF8.GetBytes(text), type);

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Text)
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        await _socket.SendAsync(bytes, type, endOfMessage: true, patience.Token);
    }

    public Task SayAsync(string @ref, string key, string text) =>
        SendAsync(
            JsonSerializer.Serialize(
                new
                {
                    type = "send",
                    @ref,
                    idempotency_key = key,
                    text,
                }
            )
        );

    /// <summary>The next frame that is not presence, typing or read. A close is a failure.</summary>
    public async Task<Frame> NextAsync()
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            if (frame is null)
                throw new ShouldAssertException(
                    $"The socket was closed with {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}."
                );
            if (frame.Type is not ("presence" or "typing" or "read"))
                return frame;
        }
    }

    /// <summary>The next frame of a type, passing over others.</summary>
    public async Task<Frame> NextAsync(string type)
    {
        while (true)
        {
            var frame = await ReceiveAsync();
            if (frame is null)
                throw new ShouldAssertException($"Closed with {(int?)_socket.CloseStatus} instead of a frame '{type}'.");
            if (frame.Type == type)
                return frame;
        }
    }

    /// <summary>The next frame of a type that fits, passing over others.</summary>
    public async Task<Frame> UntilAsync(string type, Func<Frame, bool> fits)
    {
        while (true)
        {
            var frame = await NextAsync(type);
            if (fits(frame))
                return frame;
        }
    }

    /// <summary>Sends a frame over and over, until it was sent so often or the server has had enough.</summary>
    public async Task FloodAsync(string text, int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
                await SendAsync(text);
        }
        catch (WebSocketException)
        {
            // Closed in between; the code tells why.
        }
    }

    /// <summary>The next so many events, verbatim.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(int count)
    {
        var events = new List<string>();
        while (events.Count < count)
        {
            var frame = await NextAsync();
            if (frame.IsEvent)
                events.Add(frame.Text);
        }
        return events;
    }

    /// <summary>Passes over frames until the close, and returns its code; 1006 when the connection broke without one.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (await ReceiveAsync() is not null) { }
        return (int?)_socket.CloseStatus ?? 1006;
    }

    /// <summary>The reason that came with the close.</summary>
    public string? CloseReason => _socket.CloseStatusDescription;

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Frame?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        var buffer = new byte[64 * 1024];
        using var whole = new MemoryStream();
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            }
            catch (WebSocketException e) when (e.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely)
            {
                return null;
            }
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return new Frame(Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length));
        }
    }
}
