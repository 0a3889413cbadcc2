using Ams.Actors.Persistence;

namespace Ams.Actors.Channels;

/// <summary>What one command leads to: what is to be committed, all of it or nothing, and what is answered once it is.</summary>
internal sealed record Decision(ChannelReply Reply)
{
    /// <summary>Dense from the state's head + 1 on.</summary>
    public IReadOnlyList<JournalEvent> Events { get; init; } = [];

    /// <summary>Messages as they stand after it.</summary>
    public IReadOnlyList<MessageChange> Messages { get; init; } = [];

    /// <summary>Committed events whose content is erased.</summary>
    public IReadOnlyList<EventRewrite> Rewrites { get; init; } = [];
}

/// <summary>A message after a change, with what later decisions of the turn need to know of it.</summary>
internal readonly record struct MessageChange(MessageFacts Facts)
{
    /// <summary>As the journal takes it.</summary>
    public MessageWrite ToWrite() => new(Facts.MessageSeq, Facts.Deleted, Facts.Body);
}
