using System.Buffers.Binary;

namespace Ams.Actors.Query;

/// <summary>
/// A run of consecutive events in one block of memory, each already framed as an unmasked WebSocket text frame (RFC 6455, section 5.2),
/// so that a slice of it is written to any number of sockets as it is, and a body is the frame without its header.
/// One thread appends; any number of threads read what was published before they looked.
/// </summary>
public sealed class EventSegment
{
    private const int HeaderBytesMax = 10;

    private readonly byte[] _buffer;
    private readonly int[] _starts;
    private int _published;

    /// <summary>Makes room for up to <paramref name="eventsMax"/> events in <paramref name="bytesMax"/> bytes, frame headers included.</summary>
    public EventSegment(long firstSeq, int eventsMax, int bytesMax)
    {
        FirstSeq = firstSeq;
        _buffer = GC.AllocateUninitializedArray<byte>(bytesMax);
        _starts = new int[eventsMax + 1];
    }

    /// <summary>The number of the first event, whether it is there yet or not.</summary>
    public long FirstSeq { get; }

    /// <summary>How many events have been published.</summary>
    public int Count => Volatile.Read(ref _published);

    /// <summary>The number of the last published event; <see cref="FirstSeq"/> − 1 while there is none.</summary>
    public long LastSeq => FirstSeq + Count - 1;

    /// <summary>The segment that goes on after this one, or null. Set by the appender once this one is full.</summary>
    internal EventSegment? Next { get; set; }

    /// <summary>Bytes that a segment needs for one body.</summary>
    public static int FrameBytes(int bodyBytes) => bodyBytes + HeaderBytes(bodyBytes);

    /// <summary>Copies a body in, framed, and publishes it. False, and nothing changed, when there is no room.</summary>
    public bool TryAppend(ReadOnlySpan<byte> body)
    {
        var target = BeginAppend(body.Length);
        if (target.IsEmpty)
            return false;
        body.CopyTo(target);
        CommitAppend(body.Length);
        return true;
    }

    /// <summary>The room for the next body, its frame header written in front of it; empty when there is none. Fill it, then <see cref="CommitAppend"/>.</summary>
    public Span<byte> BeginAppend(int bodyBytes) => Reserve(bodyBytes).Span;

    /// <summary>As <see cref="BeginAppend"/>, for a body that arrives bit by bit.</summary>
    internal Memory<byte> Reserve(int bodyBytes)
    {
        var count = _published;
        var start = _starts[count];
        var header = HeaderBytes(bodyBytes);
        if (count == _starts.Length - 1 || _buffer.Length - start < header + bodyBytes)
            return default;
        WriteHeader(_buffer.AsSpan(start), bodyBytes);
        return _buffer.AsMemory(start + header, bodyBytes);
    }

    /// <summary>Publishes the body that <see cref="BeginAppend"/> made room for.</summary>
    public void CommitAppend(int bodyBytes)
    {
        var count = _published;
        _starts[count + 1] = _starts[count] + FrameBytes(bodyBytes);
        Volatile.Write(ref _published, count + 1);
    }

    /// <summary>The published events from <paramref name="fromSeq"/> on, at most <paramref name="bytesMax"/> bytes of frames but at least one event if there is one.</summary>
    public EventSlice Slice(long fromSeq, int bytesMax)
    {
        var count = Count;
        var first = (int)(fromSeq - FirstSeq);
        if (first < 0 || first >= count)
            return default;
        var last = count;
        if (_starts[count] - _starts[first] > bytesMax)
        {
            var found = Array.BinarySearch(_starts, first + 1, count - first, _starts[first] + bytesMax);
            last = Math.Max(first + 1, found >= 0 ? found : ~found - 1);
        }
        return new EventSlice(this, first, last - first);
    }

    internal ReadOnlyMemory<byte> Frames(int first, int count) =>
        _buffer.AsMemory(_starts[first], _starts[first + count] - _starts[first]);

    internal ReadOnlyMemory<byte> Body(int index)
    {
        var start = _starts[index];
        var length = _starts[index + 1] - start;
        var header = _buffer[start + 1] switch
        {
            < 126 => 2,
            126 => 4,
            _ => HeaderBytesMax,
        };
        return _buffer.AsMemory(start + header, length - header);
    }

    private static int HeaderBytes(int bodyBytes) =>
        bodyBytes switch
        {
            < 126 => 2,
            <= ushort.MaxValue => 4,
            _ => HeaderBytesMax,
        };

    private static void WriteHeader(Span<byte> at, int bodyBytes)
    {
        at[0] = 0x81; // FIN, text
        switch (bodyBytes)
        {
            case < 126:
                at[1] = (byte)bodyBytes;
                break;
            case <= ushort.MaxValue:
                at[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)bodyBytes);
                break;
            default:
                at[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(at[2..], (ulong)bodyBytes);
                break;
        }
    }
}

/// <summary>Consecutive events of a segment. Valid as long as it is held; the memory is never reused.</summary>
public readonly struct EventSlice
{
    private readonly EventSegment? _segment;
    private readonly int _first;

    internal EventSlice(EventSegment segment, int first, int count)
    {
        _segment = segment;
        _first = first;
        Count = count;
    }

    /// <summary>How many events; 0 for the default value.</summary>
    public int Count { get; }

    /// <summary>The first event's number; 0 when there is none.</summary>
    public long FirstSeq => _segment is null ? 0 : _segment.FirstSeq + _first;

    /// <summary>The last event's number; 0 when there is none.</summary>
    public long LastSeq => _segment is null ? 0 : FirstSeq + Count - 1;

    /// <summary>All events as WebSocket text frames, back to back.</summary>
    public ReadOnlyMemory<byte> Frames => _segment is null ? default : _segment.Frames(_first, Count);

    /// <summary>The JSON of the event at <paramref name="index"/>, without a frame.</summary>
    public ReadOnlyMemory<byte> Body(int index) =>
        _segment is null ? throw new ArgumentOutOfRangeException(nameof(index)) : _segment.Body(_first + index);
}
