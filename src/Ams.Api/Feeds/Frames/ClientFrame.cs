using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Feeds.Frames;

/// <summary>A client's frame as far as every frame goes alike: an object with a <c>type</c>.</summary>
internal static class ClientFrame
{
    // Depth is judged by the payload's own rule; here only the form is.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads a frame to its end and finds its <c>type</c>.</summary>
    /// <param name="type">The first member of that name when it is a string; else null.</param>
    /// <returns>False when it is not JSON or not an object: the socket is closed with 4500.</returns>
    public static bool TryReadType(ReadOnlySpan<byte> frame, out string? type)
    {
        type = null;
        var found = false;
        var reader = new Utf8JsonReader(frame, Options);
        try
        {
            reader.Read();
            if (reader.TokenType is not JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isType = !found && Is(ref reader, "type");
                reader.Read();
                if (isType)
                {
                    found = true;
                    type = KnownType(ref reader);
                }
                reader.Skip();
            }
            // What follows the object is not JSON any more, and only now noticed.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? KnownType(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String)
            return null;
        foreach (var known in Known)
        {
            if (Is(ref reader, known))
                return known;
        }
        return null;
    }

    private static bool Is(ref Utf8JsonReader reader, string text)
    {
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: valid JSON, but no text, and so none of ours.
            return false;
        }
    }

    private static readonly string[] Known =
    [
        FrameTypes.Send,
        FrameTypes.Ping,
        FrameTypes.Typing,
        FrameTypes.Subscribe,
        FrameTypes.Unsubscribe,
    ];
}
