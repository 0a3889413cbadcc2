using Ams.Actors.Runtime;

namespace Ams.Actors.Channels;

/// <summary>Where a channel's log stands, and the rules that take it on: decide is pure, apply follows the commit.</summary>
/// <param name="ChannelId">The channel.</param>
/// <param name="Head">The number of the last event; 0 while there is none.</param>
/// <param name="LastCreatedAt">Its time; the next event's is never before it.</param>
internal sealed record ChannelState(string ChannelId, long Head, DateTimeOffset LastCreatedAt)
{
    /// <summary>Judges a command in the protocol's order. A refusal or a repeat comes without events.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="facts">Every use of the command's keys and every message it names; see <see cref="FactNeeds"/>.</param>
    /// <param name="now">The time; cut to milliseconds, and held at <see cref="LastCreatedAt"/> when the clock went back.</param>
    /// <param name="ids">Names new messages.</param>
    public Decision Decide(ChannelCommand command, ChannelFacts facts, DateTimeOffset now, IIdGenerator ids)
    {
        var at = CreatedAt(now);
        return command switch
        {
            PostMessage post => PostRules.Decide(this, post, facts, at, ids),
            PostBatch batch => BatchRules.Decide(this, batch, facts, at, ids),
            EditMessage edit => ChangeRules.Decide(this, edit, facts, at),
            DeleteMessage delete => ChangeRules.Decide(this, delete, facts, at),
            React react => ChangeRules.Decide(this, react, facts, at),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType(), "No rule for this command."),
        };
    }

    /// <summary>The state after a decision.</summary>
    public ChannelState Apply(Decision decision) =>
        decision.Events.Count == 0
            ? this
            : this with
            {
                Head = decision.Events[^1].SequenceNr,
                LastCreatedAt = decision.Events[^1].CreatedAt,
            };

    private DateTimeOffset CreatedAt(DateTimeOffset now)
    {
        var milliseconds = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return milliseconds > LastCreatedAt ? milliseconds : LastCreatedAt;
    }
}
