using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Faults;

/// <summary>One answer of the server.</summary>
internal sealed record ProbeAnswer(HttpStatusCode Status, string Body, bool HasRetryAfter)
{
    /// <summary>True for the refusal that a store in trouble gives, in every detail of the contract; anything else that is no success is a finding.</summary>
    public bool IsStoreUnavailable()
    {
        if ((int)Status < 300)
            return false;
        Status.ShouldBe(HttpStatusCode.ServiceUnavailable, Body);
        using var problem = JsonDocument.Parse(Body);
        problem.RootElement.GetProperty("code").GetString().ShouldBe("store_unavailable");
        problem.RootElement.GetProperty("retryable").GetBoolean().ShouldBeTrue();
        HasRetryAfter.ShouldBeTrue();
        return true;
    }
}

/// <summary>A client that asks once and tells what came back: a workspace and a channel of its own.</summary>
internal sealed class Probe : IDisposable
{
    private readonly HttpClient _http;

    private Probe(HttpClient http, string token, string channelId) => (_http, Token, ChannelId) = (http, token, channelId);

    /// <summary>The owner's token.</summary>
    public string Token { get; }

    /// <summary>The channel.</summary>
    public string ChannelId { get; }

    /// <summary>Where the channel's resources stand.</summary>
    public string ChannelPath => $"/v1/channels/{ChannelId}";

    /// <summary>Makes a workspace and a channel on a server that is ready.</summary>
    public static async Task<Probe> CreateAsync(Uri baseAddress, CancellationToken ct)
    {
        var http = new HttpClient { BaseAddress = baseAddress, Timeout = TimeSpan.FromMinutes(2) };
        using var create = Request(HttpMethod.Post, "/v1/workspaces", new { name = "Probe", slug = $"probe-{Guid.NewGuid():n}" });
        create.Headers.Add("X-Platform-Key", ServerSetup.PlatformKey);
        var token = Member(await SendAsync(http, create, ct), "owner_token");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var open = Request(HttpMethod.Post, "/v1/channels", new { name = "log" });
        var answer = await SendAsync(http, open, ct);
        using var channel = JsonDocument.Parse(answer.Body);
        return new Probe(http, token, channel.RootElement.GetProperty("channel").GetProperty("id").GetString()!);
    }

    /// <summary>Posts a message.</summary>
    public async Task<ProbeAnswer> PostAsync(string key, string text, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, ChannelPath + "/messages", new { text });
        request.Headers.Add("Idempotency-Key", key);
        return await SendAsync(_http, request, ct);
    }

    /// <summary>Posts many at once.</summary>
    public async Task<ProbeAnswer> PostBatchAsync(string key, int count, string text, CancellationToken ct)
    {
        var messages = Enumerable.Range(0, count).Select(i => new { text, idempotency_key = $"{key}-{i}" });
        using var request = Request(HttpMethod.Post, ChannelPath + "/messages:batch", new { messages });
        return await SendAsync(_http, request, ct);
    }

    /// <summary>Makes another channel: a write of the control plane.</summary>
    public async Task<ProbeAnswer> CreateChannelAsync(string name, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, "/v1/channels", new { name });
        return await SendAsync(_http, request, ct);
    }

    /// <summary>The newest events.</summary>
    public async Task<ProbeAnswer> ReadAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ChannelPath + "/events?after=0&limit=1000");
        return await SendAsync(_http, request, ct);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string path, object body) =>
        new(method, path)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };

    private static string Member(ProbeAnswer answer, string name)
    {
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty(name).GetString()!;
    }

    private static async Task<ProbeAnswer> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken ct)
    {
        using var response = await http.SendAsync(request, ct);
        return new ProbeAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(ct),
            response.Headers.RetryAfter is not null
        );
    }
}
