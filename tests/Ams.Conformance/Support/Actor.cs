using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ams.Conformance;

/// <summary>A principal with one token, and its ways to ask.</summary>
internal sealed record Actor(Target Target, string Id, string Token, string TokenId)
{
    private static long _keys;

    /// <summary>An idempotency key that no other call uses.</summary>
    public static string NewKey() => $"key-{Interlocked.Increment(ref _keys)}-{Random.Shared.NextInt64():x}";

    public HttpRequestMessage Request(HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, Target.At(path));
        if (Token.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (body is not null)
            request.Content = Json(body);
        return request;
    }

    public static HttpContent Json(object body)
    {
        var bytes = body switch
        {
            byte[] raw => raw,
            string text => Encoding.UTF8.GetBytes(text),
            _ => JsonSerializer.SerializeToUtf8Bytes(body),
        };
        return new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    public Task<Answer> GetAsync(string path, string? accept = null, CancellationToken ct = default)
    {
        var request = Request(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return Target.SendAsync(request, ct);
    }

    public Task<Answer> PostAsync(string path, object body) => Target.SendAsync(Request(HttpMethod.Post, path, body));

    public Task<Answer> PatchAsync(string path, object body, string? key = null) =>
        ChangeAsync(Request(HttpMethod.Patch, path, body), key);

    public Task<Answer> PutAsync(string path, object? body = null, string? key = null) =>
        ChangeAsync(Request(HttpMethod.Put, path, body), key);

    public Task<Answer> DeleteAsync(string path, string? key = null) => ChangeAsync(Request(HttpMethod.Delete, path), key);

    /// <summary>Posts a message with the key in the header; without a key, none.</summary>
    public Task<Answer> SayAsync(string channel, object body, string? key) =>
        ChangeAsync(Request(HttpMethod.Post, $"/v1/channels/{channel}/messages", body), key);

    /// <summary>Posts a text with a fresh key, and expects 201.</summary>
    public async Task<Answer> SayAsync(string channel, string text) =>
        (await SayAsync(channel, new { text }, NewKey())).ShouldBe(201);

    /// <summary>Posts <c>1</c>, <c>2</c> … and returns the events' bytes in order.</summary>
    public async Task<IReadOnlyList<string>> CountAsync(string channel, int count)
    {
        var events = new List<string>();
        for (var i = 1; i <= count; i++)
            events.Add((await SayAsync(channel, $"{i}")).Text);
        return events;
    }

    private static Task<Answer> ChangeAsync(HttpRequestMessage request, string? key)
    {
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return Target.SendAsync(request);
    }
}
