using System.Text.Json;

namespace Ams.Api.Configuration;

/// <summary>A configuration file in HOCON's JSON subset: nested objects of strings, numbers, bools and nulls, with <c>//</c> comments.</summary>
internal static class ConfigFile
{
    private static readonly JsonDocumentOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads a file into dotted keys; an absent value is null.</summary>
    /// <param name="name">What the file is called in an error.</param>
    /// <exception cref="SettingsException">It is not of that form; the message names file and place.</exception>
    public static Dictionary<string, string?> Parse(string name, string text)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new SettingsException($"{name}: a configuration is an object in braces");
            Flatten(name, "", document.RootElement, values);
        }
        catch (JsonException e)
        {
            throw new SettingsException($"{name}: line {e.LineNumber + 1} is not JSON with // comments", e);
        }
        return values;
    }

    private static void Flatten(string name, string prefix, JsonElement element, Dictionary<string, string?> values)
    {
        foreach (var member in element.EnumerateObject())
        {
            var key = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(name, key + ".", member.Value, values);
                    continue;
                case JsonValueKind.Array:
                    throw new SettingsException($"{name}: {key}: a list is one string with \";\" between its items");
            }
            if (!values.TryAdd(key, Text(member.Value)))
                throw new SettingsException($"{name}: {key} stands twice");
        }
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
}
