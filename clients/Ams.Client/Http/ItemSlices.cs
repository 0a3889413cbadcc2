using System.Text.Json;

namespace Ams.Client;

/// <summary>Cuts an array out of an answer without touching the bytes of its items: an event's bytes are the log's.</summary>
internal static class ItemSlices
{
    /// <summary>The items of the top-level array <paramref name="name"/>, verbatim.</summary>
    /// <exception cref="AmsProtocolException">There is no such array.</exception>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                reader.Read();
                if (found && reader.TokenType == JsonTokenType.StartArray)
                {
                    return Items(json, ref reader);
                }

                reader.Skip();
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new AmsProtocolException("The answer is not JSON.", inner: fault);
        }

        throw new AmsProtocolException("The answer has no items.");
    }

    private static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(json[start..(int)reader.BytesConsumed]);
        }

        return items;
    }
}
