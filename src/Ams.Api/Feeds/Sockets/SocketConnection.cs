using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Ams.Api.Telemetry;
using Ams.Contracts;

namespace Ams.Api.Feeds.Sockets;

/// <summary>One WebSocket over an upgraded stream. Whole frames are written under one gate, so that events, acks, pings and closes never interleave
/// inside a frame; whoever writes to a slow peer waits for it, and nobody else does. An idle connection holds no buffer.</summary>
#pragma warning disable CA1001 // The gate's wait handle is never asked for, so there is nothing to dispose of.
internal sealed class SocketConnection
#pragma warning restore CA1001
{
    private const int ReadBytes = 4 * 1024;
    private const int CloseReasonBytesMax = 123;
    private static readonly byte[] PingFrame = FrameHeader.Control(Opcode.Ping, []);

    private readonly Stream _stream;
    private readonly Action _abort;
    private readonly TimeProvider _time;
    private readonly TimeSpan _closeTimeout;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _heardAt;
    private long _closeBy;
    private int _closeCode;
    private bool _closeSent;
    private bool _ended;

    /// <summary>Takes the stream over.</summary>
    /// <param name="stream">Full duplex; writes and reads may run at the same time.</param>
    /// <param name="abort">Cuts the connection off; a pending read or write then ends.</param>
    public SocketConnection(Stream stream, Action abort, TimeProvider time, TimeSpan closeTimeout)
    {
        _stream = stream;
        _abort = abort;
        _time = time;
        _closeTimeout = closeTimeout;
        _heardAt = time.GetTimestamp();
    }

    /// <summary>Called once, when the connection is closing for whatever reason, from any thread. Must be quick and must not throw.</summary>
    public Action? OnClosing { get; set; }

    /// <summary>Answers what was accepted and then closes with 4000; null: nothing can be under way.</summary>
    public Func<TimeSpan, Task>? Drain { get; set; }

    /// <summary>Judged once a second by the sweep: closes the socket when the caller's token has ended; null: nothing to judge.</summary>
    public Action? Judge { get; set; }

    /// <summary>A number that differs from socket to socket, to spread what is done to all of them.</summary>
    public int Phase => RuntimeHelpers.GetHashCode(this);

    /// <summary>True from the moment either side began to close.</summary>
    public bool IsClosing => Volatile.Read(ref _closeCode) != 0;

    /// <summary>With which code the connection is closing; <c>None</c> while it is not.</summary>
    public CloseCode ClosedWith => (CloseCode)Volatile.Read(ref _closeCode);

    /// <summary>How long the peer has shown no life: sent nothing, and taken nothing that had been waiting for it.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Writes whole frames, after those who came before. False when the connection is closing: stop.</summary>
    /// <param name="frames">Must not change until the task completes.</param>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> frames)
    {
        await _gate.WaitAsync();
        return await WriteHeldAsync(frames, final: false);
    }

    /// <summary>Writes whole frames if the peer keeps up, else drops them. For what may be lost: presence, typing, pings.</summary>
    /// <param name="frames">Must not change any more.</param>
    /// <returns>False when they were dropped.</returns>
    public bool TryWrite(ReadOnlyMemory<byte> frames)
    {
        if (!_gate.Wait(TimeSpan.Zero))
            return false;
        // WriteHeldAsync never faults: it turns a broken stream into the end of the connection.
        _ = WriteHeldAsync(frames, final: false).AsTask();
        return true;
    }

    /// <summary>Sends a ping, unless something is being written already: then the peer's progress will show its life.</summary>
    public void Ping() => TryWrite(PingFrame);

    /// <summary>Begins to close; the first caller's code counts. The peer has a short time to answer, then it is cut off (by the sweep).</summary>
    public void Close(CloseCode code, string reason = "")
    {
        if (BeginClosing(code))
            _ = SendCloseAsync(code, reason);
    }

    /// <summary>Cuts the connection off without a word.</summary>
    public void Abort()
    {
        BeginClosing(CloseCode.Normal);
        _abort();
    }

    /// <summary>True once a closing peer has had its time.</summary>
    public bool IsOverdue => IsClosing && _time.GetTimestamp() >= Volatile.Read(ref _closeBy);

    /// <summary>Reads until the connection ends, and hands every message to the session; then nothing touches the stream any more.</summary>
    /// <param name="session">Null for a connection that was only accepted to be closed.</param>
    public async Task RunAsync(ISocketSession? session)
    {
        using var reader = new FrameReader(Limits.FrameBytesMax);
        try
        {
            await ReadAsync(reader, session);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The peer is gone; there is nobody to tell.
            BeginClosing(CloseCode.Normal);
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task ReadAsync(FrameReader reader, ISocketSession? session)
    {
        while (true)
        {
            // Reading nothing waits for data without holding a buffer.
            _ = await _stream.ReadAsync(Memory<byte>.Empty);
            var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
            try
            {
                var received = await _stream.ReadAsync(buffer);
                if (received == 0)
                {
                    BeginClosing(CloseCode.Normal);
                    return;
                }
                Heard();
                if (!await HandleAsync(reader, session, buffer.AsMemory(0, received)))
                    return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async ValueTask<bool> HandleAsync(FrameReader reader, ISocketSession? session, Memory<byte> input)
    {
        while (true)
        {
            if (IsClosing)
                reader.Discard();
            var seen = reader.FramesSeen;
            var kind = reader.Read(input, out var consumed);
            input = input[consumed..];
            if (!IsClosing && session is not null && !session.Admit((int)(reader.FramesSeen - seen)))
            {
                Close(CloseCode.TooManyFrames, "Send fewer frames.");
                continue;
            }
            switch (kind)
            {
                case FrameKind.NeedMore:
                    return true;
                case FrameKind.Text when session is not null && !IsClosing:
                    await session.OnTextAsync(reader.Payload);
                    break;
                case FrameKind.Ping when !IsClosing:
                    await WriteAsync(FrameHeader.Control(Opcode.Pong, reader.Payload.Span));
                    break;
                case FrameKind.Close:
                    await AnswerCloseAsync(reader.Payload);
                    return false;
                case FrameKind.Fault:
                    Close(reader.Fault, FaultReason(reader.Fault));
                    // After broken framing nothing can be told apart; bytes are only taken, so that the close is not lost in a reset.
                    if (reader.Fault is CloseCode.ProtocolError)
                        return true;
                    break;
            }
        }
    }

    private static string FaultReason(CloseCode fault) =>
        fault switch
        {
            CloseCode.FrameTooLarge => "A frame is at most 1 MiB.",
            CloseCode.ProtocolError => "The framing breaks RFC 6455.",
            _ => "Send text frames of JSON objects in UTF-8.",
        };

    private async ValueTask AnswerCloseAsync(ReadOnlyMemory<byte> payload)
    {
        if (!BeginClosing(CloseCode.Normal))
            return;
        var code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload.Span) : (ushort)CloseCode.Normal;
        await SendCloseAsync((CloseCode)code, "");
    }

    private bool BeginClosing(CloseCode code)
    {
        if (Interlocked.CompareExchange(ref _closeCode, (int)code, 0) != 0)
            return false;
        Volatile.Write(ref _closeBy, _time.GetTimestamp() + (long)(_closeTimeout.TotalSeconds * _time.TimestampFrequency));
        ApiMetrics.SocketClosed(code);
        OnClosing?.Invoke();
        return true;
    }

    private async Task SendCloseAsync(CloseCode code, string reason)
    {
        var payload = new byte[2 + CloseReasonBytesMax];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetEncoder().Convert(reason, payload.AsSpan(2), flush: true, out _, out var reasonBytes, out _);
        await _gate.WaitAsync();
        await WriteHeldAsync(FrameHeader.Control(Opcode.Close, payload.AsSpan(0, 2 + reasonBytes)), final: true);
    }

    /// <summary>Writes while the gate is held, and opens it again. Never throws.</summary>
    private async ValueTask<bool> WriteHeldAsync(ReadOnlyMemory<byte> frames, bool final)
    {
        try
        {
            if (_ended || _closeSent || (IsClosing && !final))
                return false;
            _closeSent = final;
            var write = _stream.WriteAsync(frames);
            if (write.IsCompletedSuccessfully)
                return true;
            await write;
            Heard();
            return true;
        }
        catch (Exception e) when (IsBroken(e))
        {
            BeginClosing(CloseCode.Normal);
            return false;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Waits until nobody writes any more: after the request has ended its stream belongs to somebody else.</summary>
    private async Task EndAsync()
    {
        if (!_closeSent)
            Abort();
        using var cutOff = new CancellationTokenSource(_closeTimeout, _time);
        await using var registration = cutOff.Token.UnsafeRegister(static self => ((SocketConnection)self!).Abort(), this);
        await _gate.WaitAsync(CancellationToken.None);
        _ended = true;
        _gate.Release();
    }

    private void Heard() => Volatile.Write(ref _heardAt, _time.GetTimestamp());

    private static bool IsBroken(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException;
}
