using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Ams.Contracts;

namespace Ams.Api.Feeds.Sockets;

/// <summary>What a <see cref="FrameReader"/> found.</summary>
internal enum FrameKind
{
    /// <summary>All input is used up; bring more.</summary>
    NeedMore,

    /// <summary>A whole text message, its fragments joined, valid UTF-8.</summary>
    Text,

    /// <summary>A ping; its payload goes back in a pong.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>The peer's close; its payload is a code and a reason, or empty.</summary>
    Close,

    /// <summary>The peer broke a rule; <see cref="FrameReader.Fault"/> says with which code to close.</summary>
    Fault,
}

/// <summary>Takes a client's frames (RFC 6455, section 5) out of bytes that may be torn anywhere. No input makes it throw, and it holds
/// memory only while a message is incomplete: as much as has arrived, never as much as was announced.</summary>
/// <param name="frameBytesMax">Largest message, over all its fragments.</param>
internal sealed class FrameReader(int frameBytesMax) : IDisposable
{
    private const int ControlBytesMax = 125;

    private HeaderBytes _header;
    private int _headerLength;
    private bool _inPayload;

    private Opcode _opcode;
    private bool _final;
    private uint _mask;
    private int _payloadLength;
    private int _payloadRead;

    private bool _fragmented;
    private bool _discarding;
    private byte[]? _message;
    private int _messageLength;
    private byte[]? _control;
    private bool _handedOut;

    /// <summary>Frames seen so far, fragments and control frames included.</summary>
    public long FramesSeen { get; private set; }

    /// <summary>With which code to close, after <see cref="FrameKind.Fault"/>.</summary>
    public CloseCode Fault { get; private set; }

    /// <summary>What belongs to the last result. Valid until the next call of <see cref="Read"/>; may lie in the input.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>From now on data is passed over, whatever its size, and only a close is of interest.</summary>
    public void Discard()
    {
        _discarding = true;
        ReleaseMessage();
    }

    /// <summary>Reads up to the next result. The input is unmasked in place.</summary>
    /// <param name="input">What has arrived and is not consumed yet.</param>
    /// <param name="consumed">How much of it was used; call again with the rest until it needs more.</param>
    public FrameKind Read(Memory<byte> input, out int consumed)
    {
        if (_handedOut)
            ReleaseMessage();
        Payload = default;
        consumed = 0;
        if (Fault is CloseCode.ProtocolError)
            return FrameKind.Fault;
        while (true)
        {
            if (!_inPayload)
            {
                var fault = ReadHeader(input.Span, ref consumed, out var complete);
                if (fault is not CloseCode.None)
                    return Fail(fault);
                if (!complete)
                    return FrameKind.NeedMore;
            }
            var kind = ReadPayload(input, ref consumed, out var more);
            if (more || kind is not FrameKind.NeedMore)
                return kind;
        }
    }

    /// <summary>Gives rented memory back.</summary>
    public void Dispose()
    {
        ReleaseMessage();
        if (_control is { } control)
            ArrayPool<byte>.Shared.Return(control);
        _control = null;
    }

    private FrameKind Fail(CloseCode code)
    {
        Fault = code;
        Discard();
        return FrameKind.Fault;
    }

    private CloseCode ReadHeader(ReadOnlySpan<byte> input, ref int consumed, out bool complete)
    {
        complete = false;
        Span<byte> header = _header;
        while (true)
        {
            var needed = HeaderLength(header, _headerLength);
            if (_headerLength == needed)
                break;
            var take = Math.Min(needed - _headerLength, input.Length - consumed);
            if (take == 0)
                return CloseCode.None;
            input.Slice(consumed, take).CopyTo(header[_headerLength..]);
            _headerLength += take;
            consumed += take;
            if (_headerLength >= 2 && JudgeStart(header) is var fault and not CloseCode.None)
                return fault;
        }
        complete = true;
        _inPayload = true;
        _headerLength = 0;
        FramesSeen++;
        return Begin(header);
    }

    private static int HeaderLength(ReadOnlySpan<byte> header, int known) =>
        known < 2
            ? 2
            : (header[1] & 0x7F) switch
            {
                126 => 8,
                127 => 14,
                _ => 6,
            };

    /// <summary>What the first two bytes already show.</summary>
    private CloseCode JudgeStart(ReadOnlySpan<byte> header)
    {
        var opcode = (Opcode)(header[0] & 0x0F);
        var final = (header[0] & 0x80) != 0;
        var reserved = (header[0] & 0x70) != 0;
        var masked = (header[1] & 0x80) != 0;
        if (reserved || !masked)
            return CloseCode.ProtocolError;
        return opcode switch
        {
            Opcode.Continuation => _fragmented ? CloseCode.None : CloseCode.ProtocolError,
            Opcode.Text or Opcode.Binary => _fragmented ? CloseCode.ProtocolError : CloseCode.None,
            Opcode.Close or Opcode.Ping or Opcode.Pong => final && (header[1] & 0x7F) <= ControlBytesMax
                ? CloseCode.None
                : CloseCode.ProtocolError,
            _ => CloseCode.ProtocolError,
        };
    }

    private CloseCode Begin(ReadOnlySpan<byte> header)
    {
        _opcode = (Opcode)(header[0] & 0x0F);
        _final = (header[0] & 0x80) != 0;
        _payloadRead = 0;
        ulong length = (uint)(header[1] & 0x7F);
        var maskAt = 2;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
            maskAt = 4;
            if (length < 126)
                return CloseCode.ProtocolError;
        }
        else if (length == 127)
        {
            length = BinaryPrimitives.ReadUInt64BigEndian(header[2..]);
            maskAt = 10;
            if (length is <= ushort.MaxValue or > long.MaxValue)
                return CloseCode.ProtocolError;
        }
        _mask = BinaryPrimitives.ReadUInt32LittleEndian(header[maskAt..]);
        // A frame this long is never read to its end: the peer is closed, and cut off if it goes on.
        _payloadLength = (int)Math.Min(length, int.MaxValue);
        if (IsControl)
            return CloseCode.None;
        _fragmented = !_final;
        if (_discarding)
            return CloseCode.None;
        if (_opcode is Opcode.Binary)
            return CloseCode.UnreadableFrame;
        return length + (ulong)_messageLength > (ulong)frameBytesMax ? CloseCode.FrameTooLarge : CloseCode.None;
    }

    private FrameKind ReadPayload(Memory<byte> input, ref int consumed, out bool needMore)
    {
        var take = Math.Min(_payloadLength - _payloadRead, input.Length - consumed);
        var chunk = input.Slice(consumed, take);
        Unmask(chunk.Span, _mask, _payloadRead);
        consumed += take;
        var whole = _payloadRead == 0 && take == _payloadLength;
        if (IsControl)
        {
            if (!whole)
                chunk.Span.CopyTo((_control ??= ArrayPool<byte>.Shared.Rent(ControlBytesMax)).AsSpan(_payloadRead));
        }
        else if (!_discarding && !(whole && _final && _messageLength == 0))
        {
            Keep(chunk.Span);
        }
        _payloadRead += take;
        needMore = _payloadRead < _payloadLength;
        if (needMore)
            return FrameKind.NeedMore;

        _inPayload = false;
        if (IsControl)
            return FinishControl(whole ? chunk : _control.AsMemory(0, _payloadLength));
        if (_discarding || !_final)
            return FrameKind.NeedMore;
        var message = _message is null ? chunk : _message.AsMemory(0, _messageLength);
        if (!Utf8.IsValid(message.Span))
            return Fail(CloseCode.UnreadableFrame);
        _handedOut = true;
        Payload = message;
        return FrameKind.Text;
    }

    private FrameKind FinishControl(ReadOnlyMemory<byte> payload)
    {
        if (_opcode is Opcode.Close && !IsValidClose(payload.Span))
            return Fail(CloseCode.ProtocolError);
        if (_discarding && _opcode is not Opcode.Close)
            return FrameKind.NeedMore;
        Payload = payload;
        return _opcode switch
        {
            Opcode.Ping => FrameKind.Ping,
            Opcode.Pong => FrameKind.Pong,
            _ => FrameKind.Close,
        };
    }

    private static bool IsValidClose(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return true;
        if (payload.Length == 1)
            return false;
        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        return code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999 && Utf8.IsValid(payload[2..]);
    }

    private void Keep(ReadOnlySpan<byte> chunk)
    {
        var needed = _messageLength + chunk.Length;
        if (needed == 0)
            return;
        if (_message is null || _message.Length < needed)
        {
            var grown = ArrayPool<byte>.Shared.Rent(needed);
            _message.AsSpan(0, _messageLength).CopyTo(grown);
            if (_message is { } old)
                ArrayPool<byte>.Shared.Return(old);
            _message = grown;
        }
        chunk.CopyTo(_message.AsSpan(_messageLength));
        _messageLength = needed;
    }

    private void ReleaseMessage()
    {
        if (_message is { } message)
            ArrayPool<byte>.Shared.Return(message);
        _message = null;
        _messageLength = 0;
        _handedOut = false;
    }

    private bool IsControl => _opcode >= Opcode.Close;

    private static void Unmask(Span<byte> data, uint mask, int offset)
    {
        mask = BitOperations.RotateRight(mask, 8 * (offset & 3));
        var wide = mask | ((ulong)mask << 32);
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ref var word in words)
            word ^= wide;
        for (var i = words.Length * sizeof(ulong); i < data.Length; i++)
            data[i] ^= (byte)(mask >> (8 * (i & 3)));
    }

    [InlineArray(14)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
