using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Ams.Actors.Sharding;

namespace Ams.Actors.Channels;

/// <summary>
/// A channel's single writer. A turn: load the facts, decide all, one append, and only after its commit apply, publish and reply.
/// When an append does not end as committed, this incarnation is over: what it believed is dropped, and the next one recovers what is
/// really there. Nothing is renumbered and nothing is guessed.
/// </summary>
internal sealed class ChannelActor(
    string channelId,
    Shard shard,
    IJournal journal,
    ILivePublisher liveFeed,
    ActorSettings settings
) : PersistentActor(channelId, settings)
{
    private readonly ActorSettings _settings = settings;
    private ChannelState? _state;
    private RecentEvents? _recent;

    protected override async ValueTask TurnAsync(Turn turn)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            AppendStatus status;
            try
            {
                status = await TryTurnAsync(turn);
            }
            catch (StoreUnavailableException exception)
            {
                EngineLog.StoreUnavailable(_settings.Log, PersistenceId, exception);
                status = AppendStatus.Unavailable;
            }
            if (status == AppendStatus.Committed)
                return;

            Forget();
            if (status == AppendStatus.Conflict && conflicts < _settings.Options.ConflictRetries)
            {
                turn.Restart();
                continue;
            }
            turn.SettleAll(new Refused(status == AppendStatus.Fenced ? Refusals.ShardMoving : Refusals.StoreUnavailable));
            return;
        }
    }

    protected override void Forget()
    {
        _state = null;
        _recent = null;
    }

    private async ValueTask<AppendStatus> TryTurnAsync(Turn turn)
    {
        if (_state is not { } state || _recent is not { } recent)
            (state, recent) = await RecoverAsync();

        var needs = new FactNeeds(recent);
        for (var i = 0; i < turn.Count; i++)
            needs.Add(turn[i]);
        var facts = await needs.LoadAsync(PersistenceId, journal, CancellationToken.None);

        var decided = DecideAll(turn, state, facts);
        if (decided.IsEmpty)
            return AppendStatus.Committed;

        var begunAt = _settings.Time.GetUtcNow();
        var status = await journal.AppendAsync(decided.ToBatch(PersistenceId, shard.Term, state.Head));
        if (decided.Rewrites.Count > 0)
            liveFeed.Erase(PersistenceId); // Also when the outcome is unknown: it may have been committed.
        if (status != AppendStatus.Committed)
        {
            EngineMetrics.AppendsFailed.Add(1);
            EngineLog.AppendEnded(_settings.Log, PersistenceId, status);
            return status;
        }

        _state = decided.State;
        decided.Remember(recent);
        EngineTracing.Committed(PersistenceId, turn, begunAt, _settings.Time);
        liveFeed.Publish(PersistenceId, decided.Events);
        return status;
    }

    private async ValueTask<(ChannelState, RecentEvents)> RecoverAsync()
    {
        var log = await journal.RecoverAsync(PersistenceId, CancellationToken.None);
        _state = new ChannelState(PersistenceId, log.Head, log.LastCreatedAt);
        _recent = new RecentEvents(log.Head, _settings.Options.RecentEventsMax, _settings.Options.RecentBytesMax);
        // An append in doubt may have been committed by an earlier incarnation, which could tell nobody.
        liveFeed.Advance(PersistenceId, log.Head);
        return (_state, _recent);
    }

    private Decided DecideAll(Turn turn, ChannelState state, ChannelFacts facts)
    {
        var decided = new Decided(state);
        var now = _settings.Time.GetUtcNow();
        for (var i = 0; i < turn.Count; i++)
        {
            var command = turn[i];
            if (command is DeleteMessage delete && facts.HasUncommittedContent(delete.MessageSeq))
                break;
            try
            {
                var decision = decided.State.Decide(command, facts, now, _settings.Ids);
                decided.Add(decision);
                facts.Apply(decision);
                turn.Settle(decision.Reply);
            }
            catch (Exception bug)
            {
                EngineLog.CommandFailed(_settings.Log, PersistenceId, command.GetType().Name, bug);
                turn.Settle(bug);
            }
        }
        return decided;
    }
}
