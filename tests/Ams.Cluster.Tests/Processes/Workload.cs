using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Ams.Cluster.Tests.Histories;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Processes;

/// <summary>One channel and its token, the way clients need them to go on across restarts.</summary>
internal sealed class Workload : IDisposable
{
    private static readonly TimeSpan AttemptMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http;
    private readonly Uri _base;
    private readonly string _token;
    private readonly string _channel;

    private Workload(Uri baseAddress, string token, string channel)
    {
        _base = baseAddress;
        _token = token;
        _channel = channel;
        _http = new HttpClient { BaseAddress = baseAddress, Timeout = AttemptMax };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The owner's token.</summary>
    public string Token => _token;

    /// <summary>The channel's id.</summary>
    public string Channel => _channel;

    /// <summary>What the clients saw.</summary>
    public History History { get; } = new();

    /// <summary>Makes a workspace and a channel on a server that is ready.</summary>
    public static async Task<Workload> CreateAsync(Uri baseAddress, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = baseAddress };
        using var create = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces")
        {
            Content = Json(new { name = "Crash", slug = $"crash-{Random.Shared.NextInt64():x}" }),
        };
        create.Headers.Add("X-Platform-Key", ServerSetup.PlatformKey);
        var token = (await AnswerAsync(http, create, ct)).GetProperty("owner_token").GetString()!;
        using var open = new HttpRequestMessage(HttpMethod.Post, "/v1/channels") { Content = Json(new { name = "log" }) };
        open.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var channel = (await AnswerAsync(http, open, ct)).GetProperty("channel").GetProperty("id").GetString()!;
        return new Workload(baseAddress, token, channel);
    }

    /// <summary>Posts one message after another until told to stop, and repeats each with its key until it is acknowledged.</summary>
    /// <param name="stop">No new message after this.</param>
    /// <param name="ct">Gives up; the message under way stays unanswered.</param>
    public async Task WriteAsync(string writer, CancellationToken stop, CancellationToken ct)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = $"{i}";
            var begun = History.Now;
            var acks = new List<LogEntry> { await PostUntilAnsweredAsync(writer, key, ct) };
            var answered = History.Now;
            // Now and then an acknowledged key is repeated: the answer must be the same, before and after a crash.
            if (i % 7 == 0)
                acks.Add(await PostUntilAnsweredAsync(writer, key, ct));
            History.Add(new PostRecord(writer, key, begun, answered, acks));
            if (i % 5 == 0)
                await ReadHeadAsync(ct);
        }
    }

    /// <summary>Posts so many messages, one after another, each until it is acknowledged.</summary>
    public async Task WriteAsync(string writer, int count, CancellationToken ct)
    {
        for (var i = 0; i < count; i++)
            await PostUntilAnsweredAsync(writer, $"{i}", ct);
    }

    /// <summary>Follows the log through a socket, and resumes with the last number it saw, until it has seen <paramref name="head"/>.</summary>
    /// <param name="head">Completes with where to stop, once that is known.</param>
    public async Task FollowAsync(string reader, Task<long> head, CancellationToken ct)
    {
        var after = 0L;
        while (!(head.IsCompletedSuccessfully && after >= await head))
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var entries = new List<LogEntry>();
            try
            {
                await FollowOnceAsync(after, entries, head, connection.Token);
            }
            catch (WebSocketException)
            {
                // The server was killed: come back with the last number seen.
            }
            History.Add(new ReadRecord(reader, after, entries));
            if (entries.Count > 0)
                after = entries[^1].Seq;
            await PauseAsync(ct);
        }
    }

    /// <summary>Reads the whole log as ndjson.</summary>
    public async Task<IReadOnlyList<LogEntry>> ReadLogAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/channels/{_channel}/events?after=0");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        using var response = await _http.SendAsync(request, ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await response.Content.ReadAsStringAsync(ct);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];
    }

    /// <summary>The same channel and token on another server.</summary>
    public Workload At(Uri baseAddress) => new(baseAddress, _token, _channel);

    public void Dispose() => _http.Dispose();

    private async Task<LogEntry> PostUntilAnsweredAsync(string writer, string key, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/channels/{_channel}/messages")
                {
                    Content = Json(new { text = $"{writer}/{key}" }),
                };
                request.Headers.Add("Idempotency-Key", $"{writer}-{key}");
                using var response = await _http.SendAsync(request, ct);
                var body = await response.Content.ReadAsStringAsync(ct);
                if (response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
                    return Entry(body);
                response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, body);
            }
            catch (HttpRequestException)
            {
                // Killed before it answered: repeat with the same key.
            }
            catch (TaskCanceledException) when (!ct.IsCancellationRequested)
            {
                // No answer in time: repeat with the same key.
            }
            await PauseAsync(ct);
        }
    }

    private async Task ReadHeadAsync(CancellationToken ct)
    {
        var begun = History.Now;
        try
        {
            using var response = await _http.GetAsync($"/v1/channels/{_channel}", ct);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                return;
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
            History.Add(new HeadRecord(begun, json.RootElement.GetProperty("channel").GetProperty("head_seq").GetInt64()));
        }
        catch (HttpRequestException)
        {
            // Killed before it answered: this read saw nothing.
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            // No answer in time: this read saw nothing.
        }
    }

    private async Task FollowOnceAsync(long after, List<LogEntry> entries, Task<long> head, CancellationToken ct)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_token}");
        var address = new UriBuilder(new Uri(_base, $"/parties/channel-room/{_channel}?after={after}")) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(address, ct);
        var buffer = new byte[64 * 1024];
        while (!(head.IsCompletedSuccessfully && entries.Count > 0 && entries[^1].Seq >= await head))
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                length += part.Count;
            } while (!part.EndOfMessage);
            var frame = Encoding.UTF8.GetString(buffer, 0, length);
            using var json = JsonDocument.Parse(frame);
            var type = json.RootElement.GetProperty("type").GetString()!;
            if (type.Contains('.', StringComparison.Ordinal))
                entries.Add(Entry(frame));
            else if (
                type == "caught_up"
                && head.IsCompletedSuccessfully
                && json.RootElement.GetProperty("channel_seq").GetInt64() >= await head
            )
                return;
        }
    }

    private static LogEntry Entry(string bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        return new LogEntry(json.RootElement.GetProperty("channel_seq").GetInt64(), bytes);
    }

    // A client's pause between attempts: without it, a dead server would be asked in a busy loop.
    private static async Task PauseAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pause);
        await timer.WaitForNextTickAsync(ct);
    }

    private static ByteArrayContent Json(object body) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    private static async Task<JsonElement> AnswerAsync(HttpClient http, HttpRequestMessage request, CancellationToken ct)
    {
        using var response = await http.SendAsync(request, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
