using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>Finds what a JSON parser lets pass but the protocol does not: a member that stands twice, and text that is not Unicode.</summary>
internal static class JsonFlaws
{
    /// <summary>The refusal for the first flaw in reading order, or null.</summary>
    public static Refusal? Find(JsonElement element)
    {
        try
        {
            return FirstDouble(element) is not { } name
                ? null
                : Refusal.Invalid(name, $"The member `{name}` stands twice; give it once.");
        }
        catch (InvalidOperationException)
        {
            // A string or a name holds half of a surrogate pair; the parser only notices when it is read.
            return new Refusal(
                ErrorCodes.InvalidRequest,
                "A string holds a lone surrogate (\\ud800 to \\udfff); send whole characters."
            );
        }
    }

    private static string? FirstDouble(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!seen.Add(member.Name))
                        return member.Name;
                    if (FirstDouble(member.Value) is { } within)
                        return within;
                }
                return null;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (FirstDouble(item) is { } within)
                        return within;
                }
                return null;
            case JsonValueKind.String:
                _ = element.GetString();
                return null;
            default:
                return null;
        }
    }
}
