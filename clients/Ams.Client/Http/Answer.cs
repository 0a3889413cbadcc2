using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ams.Client;

/// <summary>A successful answer, read whole.</summary>
internal readonly record struct Answer(int Status, byte[] Body, bool Replayed)
{
    /// <summary>The answer as one record.</summary>
    public T Read<T>(JsonTypeInfo<T> type) => Parse(Body, type);

    /// <summary>The resource that stands under its name in an answer of one.</summary>
    public T Read<T>(string name, JsonTypeInfo<T> type)
    {
        var body = Body;
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty(name).Deserialize(type) ?? throw Unreadable(null);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unreadable(fault);
        }
    }

    internal static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Unreadable(null);
        }
        catch (JsonException fault)
        {
            throw Unreadable(fault);
        }
    }

    private static AmsProtocolException Unreadable(Exception? inner) =>
        new("The answer can't be read; check that the address is that of an AMS server of protocol version 1.", inner: inner);
}
