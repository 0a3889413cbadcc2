using System.Text.Json;
using System.Text.Unicode;
using Ams.Actors.Channels;
using Ams.Contracts;
using Microsoft.Extensions.Primitives;

namespace Ams.Api.Messages;

/// <summary>Turns the bytes of a request into drafts (protocol, section 6): strict, without a DOM, in linear time but for the sorting of a payload's
/// names. What is kept is copied, so the caller may reuse the body as soon as a call returns.</summary>
/// <remarks>Refusals in this order: <c>invalid_json</c>; <c>body_too_large</c> for a text or payload; <c>invalid_request</c> with every wrong member
/// by name; then the idempotency key. <c>null</c> means absent, but inside a payload.</remarks>
internal static class DraftReader
{
    // Depth is judged by the members' own rules; the reader itself only needs a bit a level.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads the body of a post.</summary>
    /// <param name="keyHeader">The request's <c>Idempotency-Key</c> lines.</param>
    public static Outcome<MessageDraft> ReadPost(ReadOnlySpan<byte> body, StringValues keyHeader)
    {
        var message = new MessageParser(MessageMembers.Post);
        try
        {
            if (ReadWhole(body, ref message) is { } refusal)
                return refusal;
            if (!IdempotencyKeys.FromHeader(keyHeader).TryGet(out var header, out refusal))
                return refusal;
            return IdempotencyKeys.Agree(header, message.Key).TryGet(out var key, out refusal) ? message.ToDraft(key) : refusal;
        }
        finally
        {
            message.Dispose();
        }
    }

    /// <summary>Reads the body of an edit.</summary>
    /// <param name="messageSeq">The message to be changed: a part of the fingerprint.</param>
    public static Outcome<EditDraft> ReadEdit(ReadOnlySpan<byte> body, long messageSeq)
    {
        var message = new MessageParser(MessageMembers.Edit);
        try
        {
            return ReadWhole(body, ref message) is { } refusal ? refusal : message.ToEdit(messageSeq);
        }
        finally
        {
            message.Dispose();
        }
    }

    /// <summary>Reads a <c>send</c> frame whole; its <c>type</c> has been read before and is passed over.</summary>
    /// <param name="onFeed">True on <c>/v1/feed</c>, where <c>channel_id</c> is allowed.</param>
    /// <param name="envelope">The frame's <c>ref</c> and <c>channel_id</c> as far as they could be read, also when the frame is refused.</param>
    public static Outcome<MessageDraft> ReadSend(ReadOnlySpan<byte> frame, bool onFeed, out SendEnvelope envelope)
    {
        var message = new MessageParser(onFeed ? MessageMembers.FeedSend : MessageMembers.Send);
        try
        {
            var refusal = ReadWhole(frame, ref message);
            envelope = new SendEnvelope(message.Ref, message.ChannelId);
            if (refusal is not null)
                return refusal;
            return IdempotencyKeys.Agree(null, message.Key).TryGet(out var key, out refusal) ? message.ToDraft(key) : refusal;
        }
        finally
        {
            message.Dispose();
        }
    }

    /// <summary>Reads <c>{"messages": […]}</c>: 1 to 1000 messages, each with its key. Errors name the message by index.</summary>
    public static Outcome<IReadOnlyList<MessageDraft>> ReadBatch(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            return NotUtf8();
        var reader = new Utf8JsonReader(body, Options);
        var batch = new BatchParser();
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                batch.Read(ref reader, body.Length);
            else
                batch.NotAnObject(ref reader);
            reader.Read();
            return batch.ToDrafts();
        }
        catch (JsonException e)
        {
            return NotJson(e);
        }
    }

    private static Refusal? ReadWhole(ReadOnlySpan<byte> body, ref MessageParser message)
    {
        if (!Utf8.IsValid(body))
            return NotUtf8();
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (isObject)
                message.Read(ref reader, body.Length, faults: null);
            else
                reader.Skip();
            reader.Read(); // What follows the value is not JSON any more, and only now noticed.
            return isObject ? message.Faults?.ToRefusal() : NotObject();
        }
        catch (JsonException e)
        {
            return NotJson(e);
        }
    }

    private static Refusal NotObject() => new(ErrorCodes.InvalidRequest, "The body is not a JSON object; send one.");

    private static Refusal NotUtf8() => new(ErrorCodes.InvalidJson, "The body is not UTF-8; send JSON in UTF-8.");

    private static Refusal NotJson(JsonException e) =>
        new(
            ErrorCodes.InvalidJson,
            $"The body is not JSON; mend it at line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}."
        );
}

/// <summary>What a <c>send</c> frame has around its message.</summary>
/// <param name="Ref">The client's own mark, to be put on the ack or the error; null when there is none.</param>
/// <param name="ChannelId">On the feed: where to; null when there is none.</param>
internal readonly record struct SendEnvelope(string? Ref, string? ChannelId);
