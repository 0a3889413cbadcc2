using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ams.Api.Tests.Specs;

/// <summary>The OpenAPI document of a running server, and whether its answers are what it says.</summary>
internal sealed class OpenApiSpec
{
    private static OpenApiSpec? _shared;

    private readonly SpecSchemas _schemas;
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    private OpenApiSpec(JsonObject document)
    {
        Document = document;
        _schemas = new SpecSchemas(document);
    }

    public JsonObject Document { get; }

    /// <summary>Every operation, as <c>GET /v1/me</c>.</summary>
    public IEnumerable<(string Route, JsonObject Operation)> Operations =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject());

    /// <summary>Which of an operation's answers were seen, as <c>GET /v1/me 200</c>.</summary>
    public IReadOnlySet<string> Seen => _seen.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>The document of any server: it says the same of each. Read once for all tests that only hold answers against it.</summary>
    public static async Task<OpenApiSpec> SharedAsync(HttpClient http) => _shared ??= await LoadAsync(http);

    public static async Task<OpenApiSpec> LoadAsync(HttpClient http) =>
        new(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!.AsObject());

    /// <summary>Asserts that an answer is one that the document has: status, headers, media type, schema.</summary>
    public async Task ShouldAllowAsync(string route, HttpResponseMessage response)
    {
        var answer = $"{route} {(int)response.StatusCode}";
        var text = await response.Content.ReadAsStringAsync();
        var operation = Operations.Single(candidate => candidate.Route == route).Operation;
        var declared = Resolve(operation["responses"]![((int)response.StatusCode).ToString()]);
        declared.ShouldNotBeNull($"{answer} is not in the document: {text}");
        foreach (var name in new[] { "Location", "Idempotency-Replayed", "Retry-After", "WWW-Authenticate" })
        {
            if (response.Headers.Contains(name))
                declared["headers"]![name].ShouldNotBeNull($"{answer} bears {name}");
        }
        if (response.Content.Headers.ContentType?.MediaType is { } mediaType)
            await ShouldFitAsync(answer, declared["content"]?[mediaType]?["schema"], mediaType, text);
        else
            declared["content"].ShouldBeNull(answer);
        _seen[answer] = true;
    }

    private async Task ShouldFitAsync(string answer, JsonNode? schema, string mediaType, string text)
    {
        schema.ShouldNotBeNull($"{answer} is not said to be {mediaType}");
        var values = mediaType switch
        {
            "application/x-ndjson" => text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            _ when mediaType.EndsWith("json", StringComparison.Ordinal) => [text],
            _ => [],
        };
        foreach (var value in values)
            (await _schemas.JudgeAsync(schema, value)).ShouldBeEmpty($"{answer}: {value}");
    }

    private JsonNode? Resolve(JsonNode? node) =>
        node?["$ref"]?.GetValue<string>() is { } place
            ? place.Split('/').Skip(1).Aggregate((JsonNode)Document, (at, name) => at[name]!)
            : node;
}
