using Ams.Contracts;

namespace Ams.Client;

/// <summary>A client of one AMS server with one token. Safe for concurrent use; make one and keep it.</summary>
/// <example><code>
/// using var ams = new AmsClient("http://localhost:8787", token);
/// var channel = await ams.Channels.ResolveAsync("builds");
/// await ams.Messages.PostAsync(channel, new NewMessage { Text = "deploy started" });
/// await foreach (var e in ams.SubscribeAsync(channel, after: 0, ct: ct))
///     Console.WriteLine($"{e.ChannelSeq} {e.Author.Name}: {e.Text}");
/// </code></example>
public sealed class AmsClient : IDisposable
{
    private readonly AmsClientOptions _options;
    private readonly AmsHttp _http;

    /// <summary>A client with default options.</summary>
    /// <param name="baseUrl">Where the server listens, for example <c>http://localhost:8787</c>.</param>
    /// <param name="token">The token (<c>wat_…</c>).</param>
    public AmsClient(string baseUrl, string? token)
        : this(new AmsClientOptions { BaseUrl = new Uri(baseUrl), Token = token }) { }

    /// <summary>A client with the given options.</summary>
    /// <exception cref="ArgumentException">The base URL is not an absolute http or https URL.</exception>
    public AmsClient(AmsClientOptions options)
    {
        if (!options.BaseUrl.IsAbsoluteUri || options.BaseUrl.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{options.BaseUrl}' is not an absolute http or https URL.", nameof(options));
        }

        _options = options;
        _http = new AmsHttp(options);
        Workspaces = new WorkspacesResource(_http);
        Members = new MembersResource(_http);
        Tokens = new TokensResource(_http);
        Channels = new ChannelsResource(_http);
        Messages = new MessagesResource(_http);
        Events = new EventsResource(_http, options);
        Audit = new AuditResource(_http);
    }

    /// <summary>The tenants: made with the platform key, kept by their owners.</summary>
    public WorkspacesResource Workspaces { get; }

    /// <summary>The principals of the token's workspace.</summary>
    public MembersResource Members { get; }

    /// <summary>Credentials.</summary>
    public TokensResource Tokens { get; }

    /// <summary>Channels and who is in them.</summary>
    public ChannelsResource Channels { get; }

    /// <summary>Posting, and messages as they stand now.</summary>
    public MessagesResource Messages { get; }

    /// <summary>The logs themselves.</summary>
    public EventsResource Events { get; }

    /// <summary>Who did what in the control plane.</summary>
    public AuditResource Audit { get; }

    /// <summary>Who the token is.</summary>
    public async Task<Me> MeAsync(CancellationToken ct = default) =>
        (await _http.SendAsync(new Call(HttpMethod.Get, "v1/me"), ct)).Read(AmsJson.Default.Me);

    /// <summary>Whether the server is ready to serve; needs no token.</summary>
    /// <returns>Normally. A server that is up but not ready is an <see cref="AmsException"/> with status 503 whose detail names the failing check.</returns>
    public async Task ReadyAsync(CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Get, "readyz") { Accept = "*/*" }, ct);

    /// <summary>A channel's log from a position on, replayed and then live, for as long as the caller reads. Reconnects by the close-code rules and
    /// resumes from the last event; every event comes once, ascending, without a gap. The server reads the log at the caller's pace.</summary>
    /// <param name="channelId">The channel.</param>
    /// <param name="after">The number of the last event that the caller has; 0: from the beginning; null: from the head on.</param>
    /// <param name="options">What else to know and to be told; null: nothing.</param>
    /// <param name="ct">Ends the subscription with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="AmsException">The server refused for good: the token, the access, the channel, the position.</exception>
    public IAsyncEnumerable<AmsEvent> SubscribeAsync(
        string channelId,
        long? after = null,
        SubscribeOptions? options = null,
        CancellationToken ct = default
    ) => new Subscription(_options, _http, channelId, after, options ?? new SubscribeOptions()).RunAsync(ct);

    /// <summary>Opens a socket for many posts in flight at once to one channel, committed in the order in which they were handed over.</summary>
    public ChannelSender OpenSender(string channelId) => new(_options, _http, channelId);

    /// <summary>Many channels over one socket: follow and leave channels at any time, read what comes from one place.</summary>
    /// <param name="options">What else to be told; null: nothing.</param>
    public AmsFeed OpenFeed(FeedOptions? options = null) => new(_options, _http, options ?? new FeedOptions());

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
