using System.Text.Json.Nodes;

namespace Ams.Api.Specs.Schemas;

/// <summary>JSON Schema 2020-12, in the few forms that the wire has. Every call makes nodes of its own: a node has one parent.</summary>
internal static class Schema
{
    /// <summary>Where named schemas stand, in both documents.</summary>
    public const string Place = "#/components/schemas/";

    /// <summary>A string.</summary>
    public static JsonObject Text(string description, int? min = null, int? max = null, string? pattern = null) =>
        Of("string", description).With("minLength", min).With("maxLength", max).With("pattern", pattern);

    /// <summary>An RFC 3339 time in UTC with milliseconds.</summary>
    public static JsonObject Time(string description) => Of("string", description).With("format", "date-time");

    /// <summary>An opaque id: a prefix and a time-ordered unique part.</summary>
    public static JsonObject Id(string prefix, string description) =>
        Of("string", description + " Opaque.").With("pattern", $"^{prefix}_[0-9a-z]+$");

    /// <summary>A whole number.</summary>
    public static JsonObject Whole(string description, long min, long? max = null, long? otherwise = null) =>
        Of("integer", description).With("format", "int64").With("minimum", min).With("maximum", max).With("default", otherwise);

    /// <summary>A number of an event in a channel's log.</summary>
    public static JsonObject Seq(string description, long min = 1) => Whole(description, min);

    /// <summary>A bool.</summary>
    public static JsonObject Flag(string description) => Of("boolean", description);

    /// <summary>One of some strings.</summary>
    public static JsonObject OneOf(string description, params IEnumerable<string> values) =>
        Of("string", description).With("enum", new JsonArray([.. values.Select(value => (JsonNode)value)]));

    /// <summary>One string, and no other.</summary>
    public static JsonObject Only(string value) => new() { ["type"] = "string", ["const"] = value };

    /// <summary>An array.</summary>
    public static JsonObject List(string description, JsonObject items, int? min = null, int? max = null) =>
        Of("array", description).With("items", items).With("minItems", min).With("maxItems", max);

    /// <summary>An object with any members, all of one kind.</summary>
    public static JsonObject Map(string description, JsonObject values) =>
        Of("object", description).With("additionalProperties", values);

    /// <summary>An object with any members at all.</summary>
    public static JsonObject Free(string description) => Of("object", description).With("additionalProperties", true);

    /// <summary>A schema by its name.</summary>
    public static JsonObject Ref(string name) => new() { ["$ref"] = Place + name };

    /// <summary>Any of several named schemas, told apart by <c>type</c>.</summary>
    public static JsonObject ByType(string description, params IReadOnlyList<(string Type, string Name)> choices) =>
        new()
        {
            ["description"] = description,
            ["oneOf"] = new JsonArray([.. choices.Select(choice => (JsonNode)Ref(choice.Name))]),
            ["discriminator"] = new JsonObject
            {
                ["propertyName"] = "type",
                ["mapping"] = new JsonObject(
                    choices.Select(choice => KeyValuePair.Create(choice.Type, (JsonNode?)(Place + choice.Name)))
                ),
            },
        };

    /// <summary>An object that the server sends. A name that ends in <c>?</c> may be absent.</summary>
    public static JsonObject Answer(string description, params IReadOnlyList<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, schema) in members)
        {
            var isOptional = name.EndsWith('?');
            properties.Add(isOptional ? name[..^1] : name, schema);
            if (!isOptional)
                required.Add((JsonNode)name);
        }
        var answer = Of("object", description).With("properties", properties);
        return required.Count == 0 ? answer : answer.With("required", required);
    }

    /// <summary>An object that a client sends: any other member is refused, <c>null</c> means absent.</summary>
    public static JsonObject Request(string description, params IReadOnlyList<(string Name, JsonObject Schema)> members) =>
        Answer(description, members).With("additionalProperties", false);

    /// <summary>Adds a keyword; null leaves it out.</summary>
    public static JsonObject With(this JsonObject schema, string keyword, JsonNode? value)
    {
        if (value is not null)
            schema[keyword] = value;
        return schema;
    }

    /// <summary>Adds an example, as JSON.</summary>
    public static JsonObject Example(this JsonObject schema, string json) =>
        schema.With("examples", new JsonArray(JsonNode.Parse(json)));

    private static JsonObject Of(string type, string description) => new() { ["type"] = type, ["description"] = description };
}
