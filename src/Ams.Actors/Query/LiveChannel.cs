using Ams.Actors.Persistence;
using Ams.Actors.Runtime;

namespace Ams.Actors.Query;

/// <summary>
/// The live end of one channel on this node: its ring, how far it is known to go, and who waits there. Subscribers are woken in sweeps:
/// a sweep opens what was published up to its start to everybody, so that one sweep covers many events and no fast reader starves the others.
/// </summary>
internal sealed class LiveChannel(string channelId, AmsActorsOptions options, IDispatcher dispatcher) : IThreadPoolWorkItem
{
    private const int WaitersPerWorker = 64;
    private const int WaitersPerGrab = 16;

    private readonly Lock _gate = new();
    private readonly LiveRing _ring = new(options.LiveRingBytesMax);
    private List<FeedWaiter> _waiting = [];
    private List<FeedWaiter> _waking = [];
    private long _head;
    private long _visible;
    private long _headAtLastTick;
    private int _subscribers;
    private bool _retired;
    private bool _sweeping;
    private bool _opened;
    private int _workers;
    private int _grabbed;

    /// <summary>The channel.</summary>
    public string ChannelId { get; } = channelId;

    /// <summary>How far readers may go; what lies beyond is opened by the next sweep.</summary>
    public long Visible => Volatile.Read(ref _visible);

    /// <summary>True while a subscriber waits.</summary>
    public bool HasWaiters
    {
        get
        {
            lock (_gate)
                return _waiting.Count > 0;
        }
    }

    /// <summary>Counts a subscriber in; false when the channel was just dropped and another object has to be made.</summary>
    public bool TrySubscribe()
    {
        lock (_gate)
        {
            _subscribers += _retired ? 0 : 1;
            return !_retired;
        }
    }

    /// <summary>Counts a subscriber out; true when it was the last, and the channel is to be dropped.</summary>
    public bool Unsubscribe()
    {
        lock (_gate)
            return _retired = --_subscribers == 0;
    }

    /// <summary>Takes in committed events.</summary>
    public void Publish(IReadOnlyList<JournalEvent> events)
    {
        lock (_gate)
        {
            _ring.Append(events);
            MoveHead(events[^1].SequenceNr);
        }
    }

    /// <summary>Takes in a hint of where the head is. It may come late, twice, or never.</summary>
    public void Advance(long head)
    {
        lock (_gate)
            MoveHead(head);
    }

    /// <summary>Empties the ring: an event in it was erased.</summary>
    public void Erase()
    {
        lock (_gate)
            _ring.Clear();
    }

    /// <summary>Empties a ring that has been quiet since the last tick.</summary>
    public void DropIfQuiet()
    {
        lock (_gate)
        {
            if (_head == _headAtLastTick)
                _ring.Clear();
            _headAtLastTick = _head;
        }
    }

    /// <summary>Events from <paramref name="fromSeq"/> on; none when the ring does not hold them.</summary>
    public EventSlice Slice(long fromSeq, int bytesMax) => _ring.Slice(fromSeq, bytesMax);

    /// <summary>Puts a waiter in line unless there is something beyond <paramref name="seen"/> already.</summary>
    public bool TryWait(FeedWaiter waiter, long seen)
    {
        lock (_gate)
        {
            if (_visible > seen || !waiter.TryArm())
                return false;
            waiter.Index = _waiting.Count;
            _waiting.Add(waiter);
            return true;
        }
    }

    /// <summary>Takes a waiter out of the line, if it stands there.</summary>
    public void Leave(FeedWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Index >= _waiting.Count || !ReferenceEquals(_waiting[waiter.Index], waiter))
                return;
            var last = _waiting[^1];
            _waiting[waiter.Index] = last;
            last.Index = waiter.Index;
            _waiting.RemoveAt(_waiting.Count - 1);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (!_opened)
            Open();
        int from;
        while ((from = Interlocked.Add(ref _grabbed, WaitersPerGrab) - WaitersPerGrab) < _waking.Count)
        {
            var to = Math.Min(from + WaitersPerGrab, _waking.Count);
            for (var i = from; i < to; i++)
                _waking[i].Wake();
        }
        if (Interlocked.Decrement(ref _workers) == 0)
            Close();
    }

    private void MoveHead(long head)
    {
        if (head <= _head)
            return;
        _head = head;
        if (_sweeping)
            return;
        if (_waiting.Count == 0)
        {
            Volatile.Write(ref _visible, head);
            return;
        }
        _sweeping = true;
        _opened = false;
        dispatcher.Execute(this);
    }

    private void Open()
    {
        lock (_gate)
        {
            Volatile.Write(ref _visible, _head);
            (_waiting, _waking) = (_waking, _waiting);
            _grabbed = 0;
            _workers = Math.Clamp(_waking.Count / WaitersPerWorker, 1, options.SweepWorkersMax);
            _opened = true;
        }
        for (var i = _workers; i > 1; i--)
            dispatcher.Execute(this);
    }

    private void Close()
    {
        lock (_gate)
        {
            _waking.Clear();
            _opened = false;
            if (_head > _visible && _waiting.Count > 0)
            {
                dispatcher.Execute(this);
                return;
            }
            Volatile.Write(ref _visible, _head);
            _sweeping = false;
        }
    }
}
