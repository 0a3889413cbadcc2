using System.Text.Json;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>Where and by whom an event is written.</summary>
internal readonly record struct EventStamp(string ChannelId, long ChannelSeq, Author Author, DateTimeOffset CreatedAt);

/// <summary>Writes events: bytes made once, at commit, in the protocol's order of members. Text and payload are spliced as they came.</summary>
internal static class EventCodec
{
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText ChannelId = JsonEncodedText.Encode("channel_id");
    private static readonly JsonEncodedText ChannelSeq = JsonEncodedText.Encode("channel_seq");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText AuthorName = JsonEncodedText.Encode("author");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("created_at");
    private static readonly JsonEncodedText MessageSeq = JsonEncodedText.Encode("message_seq");
    private static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    private static readonly JsonEncodedText Payload = JsonEncodedText.Encode("payload");
    private static readonly JsonEncodedText ReplyTo = JsonEncodedText.Encode("reply_to");
    private static readonly JsonEncodedText Thread = JsonEncodedText.Encode("thread");
    private static readonly JsonEncodedText Mentions = JsonEncodedText.Encode("mentions");
    private static readonly JsonEncodedText Emoji = JsonEncodedText.Encode("emoji");

    /// <summary><c>message.created</c>; also the message as it stands until something changes it.</summary>
    public static byte[] Created(EventStamp stamp, string messageId, MessageDraft draft, long? thread)
    {
        var writer = Begin(EventTypes.MessageCreated, stamp, messageId);
        writer.WritePropertyName(Text);
        writer.WriteRawValue(draft.TextJson.Span, skipInputValidation: true);
        WriteGiven(writer, Payload, draft.PayloadJson);
        if (draft.ReplyTo is { } replyTo)
            writer.WriteNumber(ReplyTo, replyTo);
        if (thread is { } root)
            writer.WriteNumber(Thread, root);
        if (draft.Mentions.Count > 0)
        {
            writer.WriteStartArray(Mentions);
            foreach (var principal in draft.Mentions)
                writer.WriteStringValue(principal);
            writer.WriteEndArray();
        }
        return JsonBytes.End();
    }

    /// <summary><c>message.edited</c>, with what was given.</summary>
    public static byte[] Edited(EventStamp stamp, EditMessage edit)
    {
        var writer = BeginAbout(EventTypes.MessageEdited, stamp, edit.MessageSeq);
        WriteGiven(writer, Text, edit.TextJson);
        WriteGiven(writer, Payload, edit.PayloadJson);
        return JsonBytes.End();
    }

    /// <summary><c>message.deleted</c>.</summary>
    public static byte[] Deleted(EventStamp stamp, long messageSeq)
    {
        BeginAbout(EventTypes.MessageDeleted, stamp, messageSeq);
        return JsonBytes.End();
    }

    /// <summary><c>reaction.added</c> or <c>reaction.removed</c>.</summary>
    public static byte[] Reaction(string type, EventStamp stamp, long messageSeq, string emoji)
    {
        BeginAbout(type, stamp, messageSeq).WriteString(Emoji, emoji);
        return JsonBytes.End();
    }

    /// <summary>A creation or an edit with its content gone.</summary>
    public static byte[] Erased(ReadOnlyMemory<byte> body) => MessageCodec.Erase(JsonMembers.Parse(body)).ToBytes();

    private static Utf8JsonWriter Begin(string type, EventStamp stamp, string? messageId)
    {
        var writer = JsonBytes.Begin();
        writer.WriteString(Type, type);
        writer.WriteString(ChannelId, stamp.ChannelId);
        writer.WriteNumber(ChannelSeq, stamp.ChannelSeq);
        if (messageId is not null)
            writer.WriteString(Id, messageId);
        writer.WriteStartObject(AuthorName);
        writer.WriteString(Id, stamp.Author.Id);
        writer.WriteString(Name, stamp.Author.Name);
        writer.WriteString(Kind, KindName(stamp.Author.Kind));
        writer.WriteEndObject();
        writer.WriteString(CreatedAt, Rfc3339.Format(stamp.CreatedAt));
        return writer;
    }

    private static Utf8JsonWriter BeginAbout(string type, EventStamp stamp, long messageSeq)
    {
        var writer = Begin(type, stamp, messageId: null);
        writer.WriteNumber(MessageSeq, messageSeq);
        return writer;
    }

    private static void WriteGiven(Utf8JsonWriter writer, JsonEncodedText name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.Span, skipInputValidation: true);
    }

    private static string KindName(PrincipalKind kind) =>
        kind switch
        {
            PrincipalKind.Human => "human",
            PrincipalKind.Agent => "agent",
            PrincipalKind.Service => "service",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
