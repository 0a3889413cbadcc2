using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ams.Actors.Channels;

/// <summary>The members of a stored event or message, each value as its bytes stand. Made from bytes of our own, so nothing is judged here.</summary>
/// <remarks>A change replaces, adds or removes whole members; what it does not touch keeps its bytes.</remarks>
internal sealed class JsonMembers
{
    private static readonly string[] Order =
    [
        "type",
        "channel_id",
        "channel_seq",
        "id",
        "author",
        "created_at",
        "message_seq",
        "text",
        "payload",
        "reply_to",
        "thread",
        "mentions",
        "cause",
        "hops",
        "edited_at",
        "deleted",
        "deleted_at",
        "reactions",
        "claim",
    ];

    private static readonly FrozenDictionary<string, int> Rank = Order
        .Select((name, rank) => (name, rank))
        .ToFrozenDictionary(pair => pair.name, pair => pair.rank, StringComparer.Ordinal);

    private readonly List<(string Name, ReadOnlyMemory<byte> Value)> _members = new(16);

    /// <summary>Takes a stored body apart. The values are slices of it.</summary>
    public static JsonMembers Parse(ReadOnlyMemory<byte> body)
    {
        var members = new JsonMembers();
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members._members.Add((name, body[start..(int)reader.BytesConsumed]));
        }
        return members;
    }

    /// <summary>A member's bytes; empty when it is not there.</summary>
    public ReadOnlyMemory<byte> this[string name]
    {
        get
        {
            foreach (var member in _members)
            {
                if (string.Equals(member.Name, name, StringComparison.Ordinal))
                    return member.Value;
            }
            return default;
        }
    }

    /// <summary>Sets a member, in the place where the protocol lists it.</summary>
    public JsonMembers With(string name, ReadOnlyMemory<byte> value)
    {
        var rank = Rank[name];
        var at = 0;
        while (at < _members.Count && Rank[_members[at].Name] < rank)
            at++;
        if (at < _members.Count && string.Equals(_members[at].Name, name, StringComparison.Ordinal))
            _members[at] = (name, value);
        else
            _members.Insert(at, (name, value));
        return this;
    }

    /// <summary>Removes a member, if it is there.</summary>
    public JsonMembers Without(string name)
    {
        _members.RemoveAll(member => string.Equals(member.Name, name, StringComparison.Ordinal));
        return this;
    }

    /// <summary>The object's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = JsonBytes.Begin();
        foreach (var (name, value) in _members)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Span, skipInputValidation: true);
        }
        return JsonBytes.End();
    }
}

/// <summary>One JSON object at a time, written on a buffer that its thread reuses.</summary>
internal static class JsonBytes
{
    // Bodies never stand inside HTML as they are, so only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private const int KeptBytesMax = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Starts an object. Nothing may await before <see cref="End"/>.</summary>
    public static Utf8JsonWriter Begin()
    {
        _buffer ??= new ArrayBufferWriter<byte>(1024);
        _buffer.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_buffer, Options);
        _writer.Reset(_buffer);
        _writer.WriteStartObject();
        return _writer;
    }

    /// <summary>Ends the object and copies its bytes out.</summary>
    public static byte[] End()
    {
        _writer!.WriteEndObject();
        _writer.Flush();
        var bytes = _buffer!.WrittenSpan.ToArray();
        if (_buffer.Capacity > KeptBytesMax)
            _buffer = null;
        return bytes;
    }
}
