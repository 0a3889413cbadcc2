using System.Diagnostics.CodeAnalysis;
using Ams.Actors.Persistence;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>The last events of a channel, in the memory of its actor: they answer recent repeats and replies without a look-up. Never the authority on
/// what is not in it. Bounded in events and bytes.</summary>
internal sealed class RecentEvents(long head, int eventsMax, int bytesMax)
{
    private const int EventsAtStart = 16;

    private readonly Dictionary<KeyQuery, long> _keys = [];
    private readonly Dictionary<long, MessageFacts> _changed = [];
    private JournalEvent?[] _ring = new JournalEvent?[EventsAtStart];
    private long _first = head + 1;
    private long _next = head + 1;
    private long _bytes;

    /// <summary>True while nothing of the log lies outside: then a key that is not here was never used.</summary>
    public bool HoldsWholeLog => _first == 1;

    /// <summary>Takes in a committed event that follows the last one.</summary>
    public void Append(JournalEvent e)
    {
        if (_next - _first == _ring.Length)
            GrowOrEvict();
        _ring[Slot(e.SequenceNr)] = e;
        _next = e.SequenceNr + 1;
        _bytes += e.Body.Length;
        if (e.IdempotencyKey is { } key)
            _keys[new KeyQuery(e.PrincipalId, key)] = e.SequenceNr;
        while (_bytes > bytesMax && _first < _next - 1)
            Evict();
    }

    /// <summary>Takes in a message as it stands after a change.</summary>
    public void Change(MessageFacts message)
    {
        if (Find(message.MessageSeq) is not null)
            _changed[message.MessageSeq] = message;
    }

    /// <summary>Forgets an event's erased content.</summary>
    public void Rewrite(EventRewrite rewrite)
    {
        if (Find(rewrite.SequenceNr) is not { } e)
            return;
        _bytes += rewrite.Body.Length - e.Body.Length;
        _ring[Slot(rewrite.SequenceNr)] = e with { Body = rewrite.Body };
    }

    /// <summary>The event with this number, if it is recent.</summary>
    public JournalEvent? Find(long sequenceNr) => sequenceNr >= _first && sequenceNr < _next ? _ring[Slot(sequenceNr)] : null;

    /// <summary>The event that a key stands for, if it is recent.</summary>
    public JournalEvent? FindKey(KeyQuery query) => _keys.TryGetValue(query, out var sequenceNr) ? Find(sequenceNr) : null;

    /// <summary>True when memory can tell: then <paramref name="message"/> is the message, or null when that number is another event's.</summary>
    public bool TryFindMessage(long messageSeq, [NotNullWhen(true)] out MessageFacts? message)
    {
        message = null;
        if (Find(messageSeq) is not { Type: EventTypes.MessageCreated } e)
            return false;
        if (!_changed.TryGetValue(messageSeq, out message))
            message = FactsOf(e);
        return true;
    }

    /// <summary>True when the number is outside, so that only the journal can tell what it is.</summary>
    public bool MustAskJournal(long sequenceNr) => sequenceNr > 0 && sequenceNr < _first;

    /// <summary>A message as its creation leaves it.</summary>
    public static MessageFacts FactsOf(JournalEvent created) =>
        new(created.SequenceNr, created.PrincipalId, created.Thread, Deleted: false, created.Body);

    private void GrowOrEvict()
    {
        if (_ring.Length >= eventsMax)
        {
            Evict();
            return;
        }
        var grown = new JournalEvent?[Math.Min(_ring.Length * 4, eventsMax)];
        for (var sequenceNr = _first; sequenceNr < _next; sequenceNr++)
            grown[sequenceNr % grown.Length] = _ring[Slot(sequenceNr)];
        _ring = grown;
    }

    private void Evict()
    {
        ref var slot = ref _ring[Slot(_first)];
        _bytes -= slot!.Body.Length;
        if (slot.IdempotencyKey is { } key)
            _keys.Remove(new KeyQuery(slot.PrincipalId, key));
        _changed.Remove(_first);
        slot = null;
        _first++;
    }

    private long Slot(long sequenceNr) => sequenceNr % _ring.Length;
}
