using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Ams.Api.Messages;

/// <summary>Strings out of a JSON reader, without an exception for those that are none.</summary>
internal static class Strings
{
    /// <summary>The string on which the reader stands; false when it has half a surrogate pair.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (reader.ValueIsEscaped)
        {
            using var scratch = new RentedBytes(reader.ValueSpan.Length);
            if (JsonText.Write(reader.ValueSpan, scratch.Span, out _) == JsonText.LoneSurrogate)
                return false;
            value = reader.GetString()!;
            return true;
        }

        value = Encoding.UTF8.GetString(reader.ValueSpan);
        return true;
    }
}
