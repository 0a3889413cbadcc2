using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Hosting;
using Ams.Contracts;

namespace Ams.Api.Feeds.Frames;

/// <summary>Control frames of the server, back to back, to be written at once. Holds rented memory until disposed.</summary>
internal sealed class FrameBatch : IDisposable
{
    private const int BytesMin = 256;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _scratch;

    private byte[] _frames = ArrayPool<byte>.Shared.Rent(BytesMin);
    private int _length;

    /// <summary>The frames so far.</summary>
    public ReadOnlyMemory<byte> Written => _frames.AsMemory(0, _length);

    /// <summary>One frame that may be shared and kept: its bytes are nobody else's.</summary>
    public static byte[] Single<TState>(string type, TState state, Action<Utf8JsonWriter, TState> members)
    {
        using var batch = new FrameBatch();
        batch.Add(type, state, members);
        return batch.Written.ToArray();
    }

    /// <summary>Adds <c>{"type": …, members…}</c> as a text frame.</summary>
    public void Add<TState>(string type, TState state, Action<Utf8JsonWriter, TState> members)
    {
        var (buffer, json) = _scratch ??= NewScratch();
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        members(json, state);
        json.WriteEndObject();
        json.Flush();

        var body = buffer.WrittenSpan;
        Reserve(FrameHeader.BytesMax + body.Length);
        _length += FrameHeader.Write(_frames.AsSpan(_length), Opcode.Text, body.Length);
        body.CopyTo(_frames.AsSpan(_length));
        _length += body.Length;
    }

    /// <summary>Adds <c>ack</c>.</summary>
    public void AddAck(string? mark, long channelSeq, string? id, bool replayed) =>
        Add(
            FrameTypes.Ack,
            (mark, channelSeq, id, replayed),
            static (json, ack) =>
            {
                if (ack.mark is not null)
                    json.WriteString("ref"u8, ack.mark);
                json.WriteNumber("channel_seq"u8, ack.channelSeq);
                json.WriteString("id"u8, ack.id);
                json.WriteBoolean("replayed"u8, ack.replayed);
            }
        );

    /// <summary>Adds <c>error</c>: the fault of one frame, or on a feed the loss of one channel.</summary>
    /// <param name="channelId">On a feed: which channel it is about; null: none, or the socket's only one.</param>
    public void AddError(string? mark, string? channelId, Refusal refusal) =>
        Add(
            FrameTypes.Error,
            (mark, channelId, refusal: Redaction.Tokens(refusal)),
            static (json, error) =>
            {
                if (error.mark is not null)
                    json.WriteString("ref"u8, error.mark);
                if (error.channelId is not null)
                    json.WriteString("channel_id"u8, error.channelId);
                WriteRefusal(json, error.refusal);
            }
        );

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_frames);
        _frames = [];
        _length = 0;
    }

    private static void WriteRefusal(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteString("code"u8, refusal.Code.Code);
        json.WriteString("detail"u8, refusal.Detail);
        json.WriteBoolean("retryable"u8, refusal.Code.Retryable);
        if (refusal.HeadSeq is { } head)
            json.WriteNumber("head_seq"u8, head);
        if (refusal.LogId is { } logId)
            json.WriteString("log_id"u8, logId);
        if (refusal.FirstAvailableSeq is { } first)
            json.WriteNumber("first_available_seq"u8, first);
        if (!refusal.Event.IsEmpty)
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(refusal.Event.Span, skipInputValidation: true);
        }
        if (refusal.Errors is not { Count: > 0 } errors)
            return;
        json.WriteStartObject("errors"u8);
        foreach (var (member, sentences) in errors)
        {
            json.WriteStartArray(member);
            foreach (var sentence in sentences)
                json.WriteStringValue(sentence);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) NewScratch()
    {
        var buffer = new ArrayBufferWriter<byte>(BytesMin);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    private void Reserve(int more)
    {
        if (_frames.Length - _length >= more)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_frames.Length * 2, _length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_frames);
        _frames = larger;
    }
}
