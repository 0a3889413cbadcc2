using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Ams.Actors.Channels;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>Reads one message object, strictly and in one pass: it holds on to slices of the body and copies what is kept once, at the end.</summary>
/// <param name="allowed">The members that the place allows.</param>
/// <param name="index">Its place in a batch, for <c>errors</c>; null for a body of its own.</param>
internal ref struct MessageParser(MessageMembers allowed, int? index = null)
{
    private const int NameBytesMax = 17;
    private const int EscapedNameBytesMax = 6 * NameBytesMax;

    private MessageMembers _seen;
    private MessageMembers _given;
    private ReadOnlySpan<byte> _text;
    private byte[]? _unescaped;
    private bool _isFaulty;
    private PayloadParser _payload;
    private MentionList _mentions;
    private long _replyTo;
    private long _cause;
    private long _expectedHeadSeq;
    private bool _ifUnanswered;

    /// <summary>The member <c>idempotency_key</c>, or null.</summary>
    public string? Key { get; private set; }

    /// <summary>The member <c>ref</c> of a frame, or null.</summary>
    public string? Ref { get; private set; }

    /// <summary>The member <c>channel_id</c> of a frame, or null.</summary>
    public string? ChannelId { get; private set; }

    /// <summary>What stands against the message; null when nothing does.</summary>
    public DraftFaults? Faults { get; private set; }

    /// <summary>True when the member was there and not null.</summary>
    public readonly bool Has(MessageMembers member) => (_given & member) != MessageMembers.None;

    /// <summary>Reads the object on which <paramref name="reader"/> stands, to its end, whatever stands against it.</summary>
    /// <param name="faults">Where a batch gathers the faults of all its messages; null: a new list when one is needed.</param>
    /// <exception cref="JsonException">This is not JSON.</exception>
    public void Read(ref Utf8JsonReader reader, int bodyBytes, DraftFaults? faults)
    {
        Faults = faults;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Find(ref reader);
            if ((member & allowed) == MessageMembers.None)
            {
                Fault(NameOf(ref reader), "There is no such member here; leave it out.");
                reader.Skip();
                continue;
            }

            if ((_seen & member) != MessageMembers.None)
            {
                Fault(NameOf(ref reader), "The member stands twice; send it once.");
                reader.Skip();
                continue;
            }

            _seen |= member;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            _given |= member;
            ReadValue(ref reader, member, bodyBytes);
        }

        JudgeWhole();
    }

    /// <summary>Notes what stands against a member.</summary>
    public void Fault(string member, string sentence)
    {
        _isFaulty = true;
        (Faults ??= new DraftFaults()).Add(Path + member, sentence);
    }

    /// <summary>The message as it is posted. Only when nothing stands against it.</summary>
    public readonly MessageDraft ToDraft(string key)
    {
        var content = Keep(Fingerprint.Operation.Post, 0);
        return new MessageDraft(
            new IdempotencyKey(key, content.Fingerprint),
            content.TextJson,
            content.PayloadJson,
            Has(MessageMembers.ReplyTo) ? _replyTo : null,
            _mentions.Distinct()
        )
        {
            ExpectedHeadSeq = Has(MessageMembers.ExpectedHeadSeq) ? _expectedHeadSeq : null,
            IfUnanswered = _ifUnanswered,
            Cause = Has(MessageMembers.Cause) ? _cause : null,
        };
    }

    /// <summary>The message as an edit changes it: what was not given is empty. Only when nothing stands against it.</summary>
    /// <param name="messageSeq">The message to be changed, a part of the request.</param>
    public readonly EditDraft ToEdit(long messageSeq)
    {
        var content = Keep(Fingerprint.Operation.Edit, messageSeq);
        return new EditDraft(Has(MessageMembers.Text) ? content.TextJson : default, content.PayloadJson, content.Fingerprint);
    }

    /// <summary>Gives rented memory back.</summary>
    public void Dispose()
    {
        _payload.Dispose();
        if (_unescaped is not null)
            ArrayPool<byte>.Shared.Return(_unescaped);
        this = default;
    }

    private readonly string Path => index is { } at ? $"messages[{at}]." : "";

    private static MessageMembers Find(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return MessageMemberNames.Find(name);
        if (name.Length > EscapedNameBytesMax)
            return MessageMembers.None;
        Span<byte> plain = stackalloc byte[EscapedNameBytesMax];
        var length = JsonText.Write(name, plain, out _);
        return length == JsonText.LoneSurrogate ? MessageMembers.None : MessageMemberNames.Find(plain[..length]);
    }

    // As the caller means it; with half a surrogate pair in it, as the caller wrote it.
    private static string NameOf(ref Utf8JsonReader reader) =>
        Shown.Short(Strings.TryRead(ref reader, out var name) ? name : Encoding.UTF8.GetString(reader.ValueSpan));

    private void ReadValue(ref Utf8JsonReader reader, MessageMembers member, int bodyBytes)
    {
        switch (member)
        {
            case MessageMembers.Text:
                ReadText(ref reader);
                break;
            case MessageMembers.Payload when reader.TokenType == JsonTokenType.StartObject:
                if (_payload.Read(ref reader, bodyBytes) is { } fault)
                    Note(fault);
                break;
            case MessageMembers.Payload:
                Refuse(ref reader, "payload", "payload is a JSON object; wrap the value in one.");
                break;
            case MessageMembers.ReplyTo:
                _replyTo = ReadSeq(ref reader, "reply_to", 1);
                break;
            case MessageMembers.Cause:
                _cause = ReadSeq(ref reader, "cause", 1);
                break;
            case MessageMembers.ExpectedHeadSeq:
                _expectedHeadSeq = ReadSeq(ref reader, "expected_head_seq", 0);
                break;
            case MessageMembers.IfUnanswered:
                if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                    _ifUnanswered = reader.TokenType == JsonTokenType.True;
                else
                    Refuse(ref reader, "if_unanswered", "if_unanswered is true or false.");
                break;
            case MessageMembers.Mentions:
                if (_mentions.Read(ref reader) is { } wrong)
                    Fault(wrong.Member, wrong.Sentence);
                break;
            case MessageMembers.IdempotencyKey:
                Key = ReadString(ref reader, "idempotency_key");
                break;
            case MessageMembers.Ref:
                Ref = ReadString(ref reader, "ref");
                break;
            case MessageMembers.ChannelId:
                ChannelId = ReadString(ref reader, "channel_id");
                break;
            default:
                reader.Skip(); // A frame's type: whoever handed the frame over has read it.
                break;
        }
    }

    private void ReadText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Refuse(ref reader, "text", "text is a string.");
            return;
        }

        _text = reader.ValueSpan;
        var valueBytes = _text.Length;
        if (reader.ValueIsEscaped)
        {
            _unescaped = ArrayPool<byte>.Shared.Rent(_text.Length);
            var length = JsonText.Write(_text, _unescaped, out valueBytes);
            if (length == JsonText.LoneSurrogate)
            {
                Fault(
                    "text",
                    "text has an escaped surrogate without its other half, which no UTF-8 can hold; send whole characters."
                );
                return;
            }

            _text = _unescaped.AsSpan(0, length);
        }

        if (valueBytes > Limits.TextBytesMax)
            TooLarge(
                $"text is over {Limits.TextBytesMax} bytes of UTF-8; send several messages, or refer to what is stored elsewhere."
            );
    }

    private void TooLarge(string sentence)
    {
        _isFaulty = true;
        (Faults ??= new DraftFaults()).TooLarge(Path + sentence);
    }

    private void Note(PayloadFault fault)
    {
        if (fault.IsSize)
            TooLarge(fault.Sentence);
        else
            Fault("payload", fault.Sentence);
    }

    // 1.0 and 1e0 are other literals for a number that nobody counts with: a channel_seq has one form.
    private long ReadSeq(ref Utf8JsonReader reader, string member, long min)
    {
        if (
            reader.TokenType == JsonTokenType.Number
            && char.IsAsciiDigit((char)reader.ValueSpan[0])
            && Utf8Parser.TryParse(reader.ValueSpan, out long seq, out var used)
            && used == reader.ValueSpan.Length
            && seq >= min
        )
            return seq;
        Refuse(ref reader, member, $"{member} is a channel_seq: a whole number from {min} on, in digits.");
        return 0;
    }

    private string? ReadString(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.String && Strings.TryRead(ref reader, out var value))
            return value;
        Refuse(ref reader, member, $"{member} is a string of whole characters.");
        return null;
    }

    private void Refuse(ref Utf8JsonReader reader, string member, string sentence)
    {
        Fault(member, sentence);
        reader.Skip();
    }

    private void JudgeWhole()
    {
        if (_isFaulty)
            return;
        if ((allowed & MessageMembers.IdempotencyKey) == MessageMembers.None)
        {
            if (!Has(MessageMembers.Edit))
                Fault("text", "Nothing is to change; send text, payload or both.");
            return;
        }

        if (_text.IsEmpty && !_payload.HasValue)
            Fault("text", "text may be empty or absent only when there is a payload; send one of the two.");
        if (_ifUnanswered && !Has(MessageMembers.ReplyTo))
            Fault("if_unanswered", "if_unanswered needs reply_to: the message that is to be answered.");
    }

    /// <summary>Copies what is kept into one block: fingerprint, text, payload.</summary>
    private readonly Kept Keep(Fingerprint.Operation operation, long target)
    {
        var textBytes = _text.Length + 2;
        var block = GC.AllocateUninitializedArray<byte>(Fingerprint.Bytes + textBytes + _payload.Compact.Length);
        var textJson = block.AsMemory(Fingerprint.Bytes, textBytes);
        textJson.Span[0] = (byte)'"';
        _text.CopyTo(textJson.Span[1..]);
        textJson.Span[^1] = (byte)'"';
        var payloadJson = block.AsMemory(Fingerprint.Bytes + textBytes);
        _payload.Compact.CopyTo(payloadJson.Span);

        var form = new Fingerprint(operation, 64 + _text.Length + _payload.Canonical.Length);
        form.Number(target);
        form.Number((long)(_given & MessageMembers.Content));
        form.Field(_text);
        form.Field(_payload.Canonical);
        form.Number(_replyTo);
        form.Number(_cause);
        form.Number(_expectedHeadSeq);
        form.Number(_ifUnanswered ? 1 : 0);
        _mentions.AddTo(ref form);
        form.Finish(block.AsSpan(0, Fingerprint.Bytes));
        return new Kept(block.AsMemory(0, Fingerprint.Bytes), textJson, payloadJson);
    }

    private readonly record struct Kept(
        ReadOnlyMemory<byte> Fingerprint,
        ReadOnlyMemory<byte> TextJson,
        ReadOnlyMemory<byte> PayloadJson
    );
}

/// <summary>What an edit changes.</summary>
/// <param name="TextJson">The new text as a JSON string literal; empty: leave it.</param>
/// <param name="PayloadJson">The new payload; empty: leave it.</param>
/// <param name="Fingerprint">16 bytes over the edit and the message it is of.</param>
internal sealed record EditDraft(
    ReadOnlyMemory<byte> TextJson,
    ReadOnlyMemory<byte> PayloadJson,
    ReadOnlyMemory<byte> Fingerprint
);
