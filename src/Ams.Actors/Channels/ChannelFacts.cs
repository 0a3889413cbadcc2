using Ams.Actors.Persistence;

namespace Ams.Actors.Channels;

/// <summary>What the decisions of one turn know: what was read for them from memory and the journal, and on top of it what the turn has decided so far.</summary>
internal sealed class ChannelFacts(RecentEvents recent)
{
    private readonly Dictionary<KeyQuery, UsedKey> _keys = [];
    private readonly Dictionary<long, MessageFacts> _messages = [];
    private readonly Dictionary<long, IReadOnlyList<JournalEvent>> _content = [];
    private HashSet<long>? _contentOfThisTurn;

    /// <summary>Adds what the journal said of a key.</summary>
    public void Add(KeyUse use) =>
        _keys[new KeyQuery(use.PrincipalId, use.IdempotencyKey)] = new UsedKey(use.Fingerprint, use.Event);

    /// <summary>Adds what the journal said of a message.</summary>
    public void Add(MessageFacts message) => _messages[message.MessageSeq] = message;

    /// <summary>Adds a message's creation and edits.</summary>
    public void AddContent(long messageSeq, IReadOnlyList<JournalEvent> events) => _content[messageSeq] = events;

    /// <summary>The event that a principal's key stands for, or null when it is new.</summary>
    public UsedKey? FindKey(string principalId, string key)
    {
        var query = new KeyQuery(principalId, key);
        if (_keys.TryGetValue(query, out var use))
            return use;
        return recent.FindKey(query) is { } e ? new UsedKey(e.Fingerprint, e) : null;
    }

    /// <summary>A message as it stands, or null when that number is no message's.</summary>
    public MessageFacts? FindMessage(long messageSeq)
    {
        if (_messages.TryGetValue(messageSeq, out var message))
            return message;
        return recent.TryFindMessage(messageSeq, out message) ? message : null;
    }

    /// <summary>The committed creation and edits of a message that is to be erased.</summary>
    public IReadOnlyList<JournalEvent> ContentEvents(long messageSeq) => _content.GetValueOrDefault(messageSeq, []);

    /// <summary>True when this turn created or edited the message: its bytes are not in the store yet, so nothing can rewrite them.</summary>
    public bool HasUncommittedContent(long messageSeq) => _contentOfThisTurn?.Contains(messageSeq) == true;

    /// <summary>Takes over what was decided, for the decisions that follow in the same turn.</summary>
    public void Apply(Decision decision)
    {
        foreach (var e in decision.Events)
        {
            if (e.IdempotencyKey is { } key)
                _keys[new KeyQuery(e.PrincipalId, key)] = new UsedKey(e.Fingerprint, e);
            if (e.Type is Contracts.EventTypes.MessageCreated)
                _messages[e.SequenceNr] = RecentEvents.FactsOf(e);
            if (e.Type is Contracts.EventTypes.MessageCreated or Contracts.EventTypes.MessageEdited)
                (_contentOfThisTurn ??= []).Add(e.MessageSeq);
        }
        foreach (var change in decision.Messages)
            _messages[change.Facts.MessageSeq] = change.Facts;
        foreach (var rewrite in decision.Rewrites)
            Rewrite(rewrite);
    }

    private void Rewrite(EventRewrite rewrite)
    {
        foreach (var (query, use) in _keys.Where(pair => pair.Value.Event.SequenceNr == rewrite.SequenceNr).ToList())
            _keys[query] = use with { Event = use.Event with { Body = rewrite.Body } };
        if (recent.Find(rewrite.SequenceNr) is { IdempotencyKey: { } key } e)
            _keys[new KeyQuery(e.PrincipalId, key)] = new UsedKey(e.Fingerprint, e with { Body = rewrite.Body });
    }
}

/// <summary>A key that is taken: by which request, and for which event.</summary>
internal readonly record struct UsedKey(ReadOnlyMemory<byte> Fingerprint, JournalEvent Event);
