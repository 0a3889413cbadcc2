using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>A message as it now stands: what was posted, with what later events changed in it.</summary>
/// <param name="json">The message's bytes as the server wrote them.</param>
public sealed class AmsMessage(ReadOnlyMemory<byte> json) : AmsEvent(json)
{
    /// <summary>When it was last edited, or null.</summary>
    public DateTimeOffset? EditedAt => Time("edited_at");

    /// <summary>When it was deleted, or null.</summary>
    public DateTimeOffset? DeletedAt => Time("deleted_at");

    /// <summary>Emoji → ids of those who reacted with it; empty when nobody did.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Reactions =>
        ToElement().TryGetProperty("reactions", out var found) && found.ValueKind == JsonValueKind.Object
            ? found
                .EnumerateObject()
                .ToDictionary(
                    emoji => emoji.Name,
                    IReadOnlyList<string> (emoji) => [.. emoji.Value.EnumerateArray().Select(id => id.GetString()!)],
                    StringComparer.Ordinal
                )
            : new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    private DateTimeOffset? Time(string name) =>
        ToElement().TryGetProperty(name, out var found) && Rfc3339.TryParse(found.GetString(), out var time) ? time : null;
}
