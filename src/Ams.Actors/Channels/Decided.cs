using Ams.Actors.Persistence;

namespace Ams.Actors.Channels;

/// <summary>All decisions of a turn: one batch for the journal, and the state that follows its commit.</summary>
internal sealed class Decided(ChannelState state)
{
    private readonly List<JournalEvent> _events = [];
    private readonly Dictionary<long, MessageFacts> _messages = [];
    private readonly List<EventRewrite> _rewrites = [];

    /// <summary>The state after what was decided so far.</summary>
    public ChannelState State { get; private set; } = state;

    /// <summary>New events, dense.</summary>
    public IReadOnlyList<JournalEvent> Events => _events;

    /// <summary>Erasures of committed events.</summary>
    public IReadOnlyList<EventRewrite> Rewrites => _rewrites;

    /// <summary>True when there is nothing to commit.</summary>
    public bool IsEmpty => _events.Count == 0;

    /// <summary>Adds a decision.</summary>
    public void Add(Decision decision)
    {
        State = State.Apply(decision);
        _events.AddRange(decision.Events);
        _rewrites.AddRange(decision.Rewrites);
        foreach (var change in decision.Messages)
            _messages[change.Facts.MessageSeq] = change.Facts;
    }

    /// <summary>What is to be committed, on the head it was decided on.</summary>
    public AppendBatch ToBatch(string persistenceId, long term, long expectedHead) =>
        new(persistenceId, term, expectedHead, _events)
        {
            Messages = [.. _messages.Values.Select(message => new MessageChange(message).ToWrite())],
            Rewrites = _rewrites,
        };

    /// <summary>Takes what was committed into memory, and what was erased out of it.</summary>
    public void Remember(RecentEvents recent)
    {
        foreach (var e in _events)
            recent.Append(e);
        foreach (var message in _messages.Values)
            recent.Change(message);
        foreach (var rewrite in _rewrites)
            recent.Rewrite(rewrite);
    }
}
