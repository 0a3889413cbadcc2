namespace Ams.Actors.Query;

/// <summary>Fills a segment with bodies whose sizes are known one at a time, and makes it larger when the guess was too low.</summary>
internal sealed class SegmentBuilder(long firstSeq, int eventsMax, int bytesMax)
{
    private const int BytesMin = 4 * 1024;
    private const int EventBytesGuess = 512;

    private EventSegment _segment = new(
        firstSeq,
        eventsMax,
        (int)Math.Clamp((long)eventsMax * EventBytesGuess, BytesMin, Math.Max(BytesMin, bytesMax))
    );

    /// <summary>Bytes of all frames so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number that the next body has.</summary>
    public long NextSeq => _segment.LastSeq + 1;

    /// <summary>Everything that was committed.</summary>
    public EventSlice Slice => _segment.Slice(_segment.FirstSeq, int.MaxValue);

    /// <summary>The room for the next body. Fill it, then <see cref="Commit"/>.</summary>
    public Memory<byte> Reserve(int bodyBytes)
    {
        var room = _segment.Reserve(bodyBytes);
        if (room.IsEmpty)
        {
            _segment = Grown(Bytes + EventSegment.FrameBytes(bodyBytes));
            room = _segment.Reserve(bodyBytes);
        }
        return room;
    }

    /// <summary>The body is there.</summary>
    public void Commit(int bodyBytes)
    {
        _segment.CommitAppend(bodyBytes);
        Bytes += EventSegment.FrameBytes(bodyBytes);
    }

    private EventSegment Grown(long bytesNeeded)
    {
        var grown = new EventSegment(firstSeq, eventsMax, (int)Math.Max(bytesNeeded, Math.Min(bytesMax, 2 * bytesNeeded)));
        var events = Slice;
        for (var i = 0; i < events.Count; i++)
            grown.TryAppend(events.Body(i).Span);
        return grown;
    }
}
