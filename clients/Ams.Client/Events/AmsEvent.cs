using System.Text;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>An event of a channel's log: its bytes as they were committed, and a light typed view of them. A type that this library does not know
/// passes through with what every event has.</summary>
public class AmsEvent
{
    /// <summary>Reads an event.</summary>
    /// <param name="json">The event's bytes; the event keeps them, so the caller must not change them.</param>
    /// <exception cref="AmsProtocolException">These bytes are no event.</exception>
    public AmsEvent(ReadOnlyMemory<byte> json)
    {
        Json = json;
        try
        {
            Read(json.Span);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new AmsProtocolException("An event can't be read.", inner: fault);
        }

        if (Type is null)
        {
            throw new AmsProtocolException("An event has no type.");
        }
    }

    /// <summary>The event as the server wrote it, in UTF-8, byte for byte.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>One of <see cref="EventTypes"/>, or one of a newer server.</summary>
    public string Type { get; private set; } = null!;

    /// <summary>The channel.</summary>
    public string ChannelId { get; private set; } = "";

    /// <summary>The event's number: 1, 2, 3 … without a gap.</summary>
    public long ChannelSeq { get; private set; }

    /// <summary>The message's id; null when the event is none.</summary>
    public string? Id { get; private set; }

    /// <summary>Who caused it, as it was named then.</summary>
    public AuthorView Author { get; private set; } = new("", "", PrincipalKind.Service);

    /// <summary>When it was committed.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The text; null when the event has none.</summary>
    public string? Text { get; private set; }

    /// <summary>The payload's bytes, verbatim; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The number of the message it answers, or null.</summary>
    public long? ReplyTo { get; private set; }

    /// <summary>The number of the message that its thread starts from, or null.</summary>
    public long? Thread { get; private set; }

    /// <summary>The message that an edit, deletion, reaction or claim is about, or null.</summary>
    public long? MessageSeq { get; private set; }

    /// <summary>The reaction's emoji, or null.</summary>
    public string? Emoji { get; private set; }

    /// <summary>True when its content was erased.</summary>
    public bool Deleted { get; private set; }

    /// <summary>Reads an event out of a document.</summary>
    public static AmsEvent Parse(JsonElement element) => new(Encoding.UTF8.GetBytes(element.GetRawText()));

    /// <summary>The event as a document, for members that have no property here.</summary>
    public JsonElement ToElement()
    {
        var reader = new Utf8JsonReader(Json.Span);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The event as the server wrote it.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Json.Span);

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("Not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader);
        }
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            Type = String(ref reader)!;
        }
        else if (reader.ValueTextEquals("channel_id"u8))
        {
            ChannelId = String(ref reader) ?? "";
        }
        else if (reader.ValueTextEquals("channel_seq"u8))
        {
            ChannelSeq = Number(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            Id = String(ref reader);
        }
        else if (reader.ValueTextEquals("author"u8))
        {
            ReadAuthor(ref reader);
        }
        else if (reader.ValueTextEquals("created_at"u8))
        {
            CreatedAt = Rfc3339.TryParse(String(ref reader), out var time) ? time : throw new FormatException("Not a time.");
        }
        else if (reader.ValueTextEquals("text"u8))
        {
            Text = String(ref reader);
        }
        else if (reader.ValueTextEquals("payload"u8))
        {
            Payload = Slice(ref reader);
        }
        else if (reader.ValueTextEquals("reply_to"u8))
        {
            ReplyTo = Number(ref reader);
        }
        else if (reader.ValueTextEquals("thread"u8))
        {
            Thread = Number(ref reader);
        }
        else if (reader.ValueTextEquals("message_seq"u8))
        {
            MessageSeq = Number(ref reader);
        }
        else if (reader.ValueTextEquals("emoji"u8))
        {
            Emoji = String(ref reader);
        }
        else if (reader.ValueTextEquals("deleted"u8))
        {
            reader.Read();
            Deleted = reader.TokenType == JsonTokenType.True;
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Json[start..(int)reader.BytesConsumed];
    }

    private void ReadAuthor(ref Utf8JsonReader reader)
    {
        reader.Read();
        var (id, name, kind) = ("", "", PrincipalKind.Service);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = String(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = String(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                // A kind that a newer server may add reads as a service: something that is no person.
                kind = Enum.TryParse<PrincipalKind>(String(ref reader), ignoreCase: true, out var known)
                    ? known
                    : PrincipalKind.Service;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Author = new AuthorView(id, name, kind);
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }
}
