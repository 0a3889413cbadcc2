using Ams.Actors.Persistence;

namespace Ams.Actors.Query;

/// <summary>The last events of a channel as framed bytes, shared by all its subscribers. One thread at a time appends; readers need no lock.</summary>
internal sealed class LiveRing(int bytesMax)
{
    private const int SegmentBytesAtStart = 4 * 1024;
    private const int SegmentBytesMax = 64 * 1024;
    private const int EventBytesGuess = 128;

    // Replaced as a whole: a reader looks at one consistent snapshot, and a slow one holds on to the segment it reads, never to what follows.
    private volatile Entry[] _entries = [];
    private long _bytes;

    /// <summary>The number that goes in next; 0 while the ring is empty and takes any.</summary>
    public long Next => _entries is { Length: > 0 } entries ? entries[^1].Segment.LastSeq + 1 : 0;

    /// <summary>Appends events. What is there already is passed over; a gap empties the ring first.</summary>
    public void Append(IReadOnlyList<JournalEvent> events)
    {
        foreach (var e in events)
        {
            var next = Next;
            if (next != 0 && e.SequenceNr < next)
                continue;
            if (next != 0 && e.SequenceNr > next)
                Clear();
            Append(e.SequenceNr, e.Body.Span);
        }
    }

    /// <summary>The events from <paramref name="fromSeq"/> on that stand in one segment; none when they are not in the ring.</summary>
    public EventSlice Slice(long fromSeq, int bytes)
    {
        var entries = _entries;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (fromSeq >= entries[i].Segment.FirstSeq)
                return entries[i].Segment.Slice(fromSeq, bytes);
        }
        return default;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _entries = [];
        _bytes = 0;
    }

    private void Append(long seq, ReadOnlySpan<byte> body)
    {
        var entries = _entries;
        if (entries.Length > 0 && entries[^1].Segment.TryAppend(body))
            return;
        var size = entries.Length == 0 ? SegmentBytesAtStart : Math.Min(entries[^1].Bytes * 4, SegmentBytesMax);
        size = Math.Max(size, EventSegment.FrameBytes(body.Length));
        var segment = new EventSegment(seq, (size / EventBytesGuess) + 1, size);
        segment.TryAppend(body);

        _bytes += size;
        var evicted = 0;
        while (_bytes > bytesMax && evicted < entries.Length)
            _bytes -= entries[evicted++].Bytes;
        _entries = [.. entries.AsSpan(evicted), new Entry(segment, size)];
    }

    private readonly record struct Entry(EventSegment Segment, int Bytes);
}
