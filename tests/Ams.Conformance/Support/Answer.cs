using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Conformance;

/// <summary>A whole HTTP answer.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    private JsonElement? _json;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => _json ??= JsonDocument.Parse(Bytes).RootElement;

    public string MediaType => ContentHeaders.ContentType?.MediaType ?? "";

    /// <summary>The elements of <c>items</c>, each as the bytes it came in.</summary>
    public IReadOnlyList<string> RawItems => [.. Json.GetProperty("items").EnumerateArray().Select(item => item.GetRawText())];

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken ct) =>
        new(
            (int)response.StatusCode,
            response.Headers,
            response.Content.Headers,
            await response.Content.ReadAsByteArrayAsync(ct)
        );

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public Answer ShouldBe(int status)
    {
        Status.ShouldBe(status, Text);
        Header("X-Request-Id").ShouldNotBeNullOrEmpty();
        Header("Set-Cookie").ShouldBeNull();
        return this;
    }

    /// <summary>A problem of this code, complete in every member that section 4 names.</summary>
    public Answer ShouldBeProblem(string code)
    {
        var expected = ErrorCodes.ByCode[code];
        Status.ShouldBe(expected.Status, Text);
        MediaType.ShouldBe("application/problem+json");
        Json.GetProperty("code").GetString().ShouldBe(code, Text);
        Json.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        Json.GetProperty("status").GetInt32().ShouldBe(expected.Status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        Json.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        Json.GetProperty("retryable").GetBoolean().ShouldBe(expected.Retryable);
        Json.GetProperty("request_id").GetString().ShouldBe(Header("X-Request-Id"));
        if (expected.Status == 401)
            Header("WWW-Authenticate").ShouldNotBeNull().ShouldStartWith("Bearer");
        return this;
    }

    /// <summary>A validation problem that names this member, or for one within the payload says its name.</summary>
    public Answer ShouldName(string member)
    {
        Json.TryGetProperty("errors", out var errors).ShouldBeTrue(Text);
        errors
            .EnumerateObject()
            .SelectMany(error => error.Value.EnumerateArray().Select(sentence => sentence.GetString()!).Prepend(error.Name))
            .ShouldContain(words => words.Contains(member, StringComparison.Ordinal), Text);
        return this;
    }
}
