using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Ams.Api.Tests.Specs;

/// <summary>A document's schemas, made strict: what the server sends holds no member that the document does not name.</summary>
internal sealed class SpecSchemas(JsonObject document)
{
    private readonly ConcurrentDictionary<string, Task<JsonSchema>> _read = new(StringComparer.Ordinal);

    /// <summary>What of a JSON text does not fit a schema; empty when it fits.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync(JsonNode schema, string json)
    {
        var read = await _read.GetOrAdd(schema.ToJsonString(), _ => ReadAsync(schema));
        return [.. read.Validate(json).Select(error => $"{error.Kind} at {error.Path}")];
    }

    private Task<JsonSchema> ReadAsync(JsonNode schema)
    {
        var definitions = new JsonObject();
        foreach (var (name, definition) in document["components"]!["schemas"]!.AsObject())
            definitions[name] = Strict(definition!);
        return JsonSchema.FromJsonAsync(
            new JsonObject { ["definitions"] = definitions, ["allOf"] = new JsonArray(Strict(schema)) }.ToJsonString()
        );
    }

    /// <summary>The same in the words that the validator knows.</summary>
    private static JsonNode? Strict(JsonNode? node) =>
        node switch
        {
            JsonObject schema => StrictObject(schema),
            JsonArray list => new JsonArray([.. list.Select(Strict)]),
            _ => node?.DeepClone(),
        };

    private static JsonObject StrictObject(JsonObject schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } place)
            return new JsonObject
            {
                ["$ref"] = place.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal),
            };
        var strict = new JsonObject();
        foreach (var (keyword, value) in schema.Where(pair => pair.Key is not ("discriminator" or "examples")))
        {
            if (keyword == "const" && value is JsonValue)
                strict["enum"] = new JsonArray(value.DeepClone());
            else
                strict[keyword] = Strict(value);
        }
        if (schema["properties"] is JsonObject && schema["type"] is JsonValue && schema["additionalProperties"] is null)
            strict["additionalProperties"] = false;
        return strict;
    }
}
