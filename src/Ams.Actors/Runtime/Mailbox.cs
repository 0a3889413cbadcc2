namespace Ams.Actors.Runtime;

/// <summary>How a post to a mailbox ended.</summary>
internal enum MailboxResult
{
    /// <summary>It will be answered.</summary>
    Accepted,

    /// <summary>The mailbox holds as much as it may.</summary>
    Full,

    /// <summary>The actor has stopped; find or make another.</summary>
    Closed,
}

/// <summary>What waits for an actor: posted by any thread, taken all at once by the one that runs the actor. Entries of one poster keep their order. Bounded.</summary>
internal sealed class Mailbox(int asksMax, long bytesMax)
{
    private static readonly Ask ClosedMark = new(new Closed());

    private Ask? _last;
    private int _asks;
    private long _bytes;

    /// <summary>True when nothing waits, or nothing ever will.</summary>
    public bool IsEmpty => Volatile.Read(ref _last) is not { } last || ReferenceEquals(last, ClosedMark);

    /// <summary>How many asks are accepted and not settled.</summary>
    public int Depth => Volatile.Read(ref _asks);

    /// <summary>Adds an entry. An ask that alone is over the bytes goes into an empty mailbox.</summary>
    public MailboxResult Post(Ask ask)
    {
        var asks = Interlocked.Increment(ref _asks);
        var bytes = Interlocked.Add(ref _bytes, ask.Bytes);
        if (asks > asksMax || (bytes > bytesMax && asks > 1))
        {
            Release(1, ask.Bytes);
            return MailboxResult.Full;
        }
        while (true)
        {
            var last = Volatile.Read(ref _last);
            if (ReferenceEquals(last, ClosedMark))
                return MailboxResult.Closed;
            ask.Previous = last;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _last, ask, last), last))
                return MailboxResult.Accepted;
        }
    }

    /// <summary>Moves everything that waits to the end of <paramref name="target"/>, in order. Only for the thread that runs the actor.</summary>
    public void TakeAll(List<Ask> target)
    {
        if (IsEmpty)
            return;
        var at = target.Count;
        for (var ask = Interlocked.Exchange(ref _last, null); ask is not null; )
        {
            target.Add(ask);
            var previous = ask.Previous;
            ask.Previous = null;
            ask = previous;
        }
        target.Reverse(at, target.Count - at);
    }

    /// <summary>Gives back the room of asks whose turn has come.</summary>
    public void Release(int asks, long bytes)
    {
        Interlocked.Add(ref _asks, -asks);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Closes the mailbox if nothing waits. Only for the thread that runs the actor.</summary>
    public bool TryClose() => Interlocked.CompareExchange(ref _last, ClosedMark, null) is null;

    private sealed record Closed() : Channels.ChannelCommand("", new Channels.Author("", "", default), default);
}
