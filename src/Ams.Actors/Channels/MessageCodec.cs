using System.Text.Json;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>Changes messages as they stand: the members of <c>message.created</c>, with <c>edited_at</c>, <c>deleted_at</c> and <c>reactions</c>.</summary>
internal static class MessageCodec
{
    private static readonly byte[] EmptyText = "\"\""u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>The text literal and the payload (empty: none) of a message.</summary>
    public static (ReadOnlyMemory<byte> TextJson, ReadOnlyMemory<byte> PayloadJson) Content(ReadOnlyMemory<byte> message)
    {
        var members = JsonMembers.Parse(message);
        return (members["text"], members["payload"]);
    }

    /// <summary>The id of a message or of the event that created it; null for other events.</summary>
    public static string? Id(ReadOnlyMemory<byte> body)
    {
        var value = JsonMembers.Parse(body)["id"];
        return value.IsEmpty ? null : ReadString(value);
    }

    /// <summary>The message with new text, payload or both; empty means: as it was.</summary>
    public static byte[] Edited(
        ReadOnlyMemory<byte> message,
        ReadOnlyMemory<byte> textJson,
        ReadOnlyMemory<byte> payloadJson,
        DateTimeOffset at
    )
    {
        var members = JsonMembers.Parse(message).With("edited_at", TimeLiteral(at));
        if (!textJson.IsEmpty)
            members.With("text", textJson);
        if (!payloadJson.IsEmpty)
            members.With("payload", payloadJson);
        return members.ToBytes();
    }

    /// <summary>The tombstone: nothing of the content is left.</summary>
    public static byte[] Deleted(ReadOnlyMemory<byte> message, DateTimeOffset at) =>
        Erase(JsonMembers.Parse(message)).With("deleted_at", TimeLiteral(at)).ToBytes();

    /// <summary>Takes the content out of a message, its creation or an edit.</summary>
    public static JsonMembers Erase(JsonMembers members) =>
        members.With("text", EmptyText).Without("payload").Without("mentions").With("deleted", True);

    /// <summary>True when the principal has this reaction on the message.</summary>
    public static bool HasReaction(ReadOnlyMemory<byte> message, string emoji, string principalId) =>
        Reactions(JsonMembers.Parse(message)["reactions"])
            .Exists(reaction => Is(reaction.Emoji, emoji) && reaction.Principals.Exists(id => Is(id, principalId)));

    /// <summary>The message with the principal's reaction added or removed. Emoji and principals keep the order in which they came.</summary>
    public static byte[] Reacted(ReadOnlyMemory<byte> message, string emoji, string principalId, bool remove)
    {
        var members = JsonMembers.Parse(message);
        var reactions = Reactions(members["reactions"]);
        var at = reactions.FindIndex(reaction => Is(reaction.Emoji, emoji));
        if (remove)
        {
            if (
                at >= 0
                && reactions[at].Principals.RemoveAll(id => Is(id, principalId)) > 0
                && reactions[at].Principals.Count == 0
            )
                reactions.RemoveAt(at);
        }
        else
        {
            if (at < 0)
            {
                at = reactions.Count;
                reactions.Add((emoji, []));
            }
            reactions[at].Principals.Add(principalId);
        }
        return (
            reactions.Count == 0 ? members.Without("reactions") : members.With("reactions", ReactionsLiteral(reactions))
        ).ToBytes();
    }

    private static List<(string Emoji, List<string> Principals)> Reactions(ReadOnlyMemory<byte> value)
    {
        var reactions = new List<(string, List<string>)>();
        if (value.IsEmpty)
            return reactions;
        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var principals = new List<string>();
            reactions.Add((reader.GetString()!, principals));
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
                principals.Add(reader.GetString()!);
        }
        return reactions;
    }

    private static byte[] ReactionsLiteral(List<(string Emoji, List<string> Principals)> reactions)
    {
        var writer = JsonBytes.Begin();
        foreach (var (emoji, principals) in reactions)
        {
            writer.WriteStartArray(emoji);
            foreach (var id in principals)
                writer.WriteStringValue(id);
            writer.WriteEndArray();
        }
        return JsonBytes.End();
    }

    private static string ReadString(ReadOnlyMemory<byte> literal)
    {
        var reader = new Utf8JsonReader(literal.Span);
        reader.Read();
        return reader.GetString()!;
    }

    private static byte[] TimeLiteral(DateTimeOffset at) => System.Text.Encoding.ASCII.GetBytes($"\"{Rfc3339.Format(at)}\"");

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
