using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Contracts;

namespace Ams.TestKit;

/// <summary>One log in memory, with the rules of a journal. Not safe by itself: <see cref="InMemoryStore"/> guards it.</summary>
internal sealed class InMemoryLog
{
    private readonly Dictionary<KeyQuery, long> _keys = [];
    private readonly SortedDictionary<long, MessageFacts> _messages = [];

    public List<JournalEvent> Events { get; } = [];

    public long Term { get; private set; }

    public long MessageCount => _messages.Count;

    public JournalEvent this[long sequenceNr] => Events[(int)sequenceNr - 1];

    public AppendStatus Append(AppendBatch batch)
    {
        if (batch.Term < Term)
            return AppendStatus.Fenced;
        if (batch.ExpectedHead != Events.Count || HasTakenKey(batch.Events))
            return AppendStatus.Conflict;
        Term = batch.Term;
        foreach (var e in batch.Events)
            Append(e);
        foreach (var rewrite in batch.Rewrites)
            Events[(int)rewrite.SequenceNr - 1] = this[rewrite.SequenceNr] with { Body = rewrite.Body.ToArray() };
        foreach (var message in batch.Messages)
            _messages[message.MessageSeq] = _messages[message.MessageSeq] with
            {
                Deleted = message.Deleted,
                Body = message.Body.ToArray(),
            };
        return AppendStatus.Committed;
    }

    public KeyUse? FindKey(KeyQuery query) =>
        _keys.TryGetValue(query, out var sequenceNr)
            ? new KeyUse(query.PrincipalId, query.IdempotencyKey, this[sequenceNr].Fingerprint, this[sequenceNr])
            : null;

    public MessageFacts? FindMessage(long messageSeq) => _messages.GetValueOrDefault(messageSeq);

    public IReadOnlyList<JournalEvent> ContentEvents(long messageSeq) =>
        [.. Events.Where(e => e.MessageSeq == messageSeq && e.Type is (EventTypes.MessageCreated or EventTypes.MessageEdited))];

    public EventSlice Read(long after, int eventsMax, int bytesMax)
    {
        var count = 0;
        var bytes = 0;
        while (count < eventsMax && after + count < Events.Count)
        {
            bytes += EventSegment.FrameBytes(this[after + count + 1].Body.Length);
            if (count > 0 && bytes > bytesMax)
                break;
            count++;
        }
        if (count == 0)
            return default;
        var segment = new EventSegment(after + 1, count, bytes);
        for (var i = 1; i <= count; i++)
            segment.TryAppend(this[after + i].Body.Span);
        return segment.Slice(after + 1, int.MaxValue);
    }

    public MessagePage ReadMessages(MessageQuery query)
    {
        var all = _messages
            .Values.Where(m => query.Thread is not { } thread || m.MessageSeq == thread || m.Thread == thread)
            .Where(m => m.MessageSeq > (query.After ?? 0) && m.MessageSeq < (query.Before ?? long.MaxValue))
            .ToList();
        var page = query.After is not null ? all.Take(query.Limit) : all.TakeLast(query.Limit);
        return new MessagePage([.. page.Select(m => new StoredMessage(m.MessageSeq, m.Body))], all.Count > query.Limit);
    }

    public long SeqAt(DateTimeOffset time) => Events.FindLast(e => e.CreatedAt <= time)?.SequenceNr ?? 0;

    private bool HasTakenKey(IReadOnlyList<JournalEvent> events)
    {
        var own = new HashSet<KeyQuery>();
        return events.Any(e =>
            e.IdempotencyKey is { } key
            && (_keys.ContainsKey(new KeyQuery(e.PrincipalId, key)) || !own.Add(new KeyQuery(e.PrincipalId, key)))
        );
    }

    private void Append(JournalEvent e)
    {
        if (e.SequenceNr != Events.Count + 1)
            throw new InvalidOperationException($"{e.SequenceNr} does not follow {Events.Count}: the writer renumbered.");
        Events.Add(e with { Body = e.Body.ToArray() });
        if (e.IdempotencyKey is { } key)
            _keys.Add(new KeyQuery(e.PrincipalId, key), e.SequenceNr);
        if (e.Type is EventTypes.MessageCreated)
            _messages.Add(e.SequenceNr, new MessageFacts(e.SequenceNr, e.PrincipalId, e.Thread, Deleted: false, Events[^1].Body));
    }
}
