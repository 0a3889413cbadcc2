using Ams.Actors.Channels;
using Ams.Actors.Cluster;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Actors.Runtime;

namespace Ams.Actors.Sharding;

/// <summary>Channel → shard → the actor on this node, made when it is first asked, or the node that owns the shard.</summary>
internal sealed class ShardRegion : IShardRegion
{
    private readonly IShardAllocation _allocation;
    private readonly IJournal _journal;
    private readonly ILivePublisher _liveFeed;
    private readonly ActorSettings _settings;
    private readonly Shard[] _shards;
    private volatile bool _draining;

    public ShardRegion(IShardAllocation allocation, IJournal journal, ILivePublisher liveFeed, ActorSettings settings)
    {
        _allocation = allocation;
        _journal = journal;
        _liveFeed = liveFeed;
        _settings = settings;
        _shards = [.. Enumerable.Range(0, settings.Options.ShardCount).Select(id => new Shard(id))];
    }

    /// <summary>How many channels have an actor in memory.</summary>
    public int ActorCount => _shards.Sum(shard => shard.Actors.Count);

    /// <summary>How many commands wait for a turn or its commit.</summary>
    public long WaitingCount => _shards.Sum(shard => shard.Actors.Sum(entry => (long)entry.Value.Waiting));

    /// <inheritdoc />
    public ValueTask<ChannelReply> AskAsync(ChannelCommand command, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<ChannelReply>(ct);
        var shard = _shards[ShardId.Of(command.ChannelId, _shards.Length)];
        var owner = _allocation.OwnerOf(shard.Id);
        if (owner.Remote is { } remote)
            return remote.AskAsync(command, ct);
        shard.Term = owner.Term;

        var ask = new Ask(command, _settings.Time.GetTimestamp(), EngineTracing.Here());
        while (!_draining)
        {
            var actor = ActorOf(shard, command.ChannelId);
            switch (actor.Tell(ask))
            {
                case MailboxResult.Accepted:
                    ask.StopWaitingOn(ct);
                    return ask.Reply;
                case MailboxResult.Full:
                    EngineMetrics.MailboxFull.Add(1);
                    return new ValueTask<ChannelReply>(new Refused(Refusals.MailboxFull));
                case MailboxResult.Closed:
                    // It closed its mailbox between our look-up and our ask. Whoever sees that first takes it out of the way.
                    shard.Actors.TryRemove(KeyValuePair.Create(command.ChannelId, actor));
                    break;
            }
        }
        return new ValueTask<ChannelReply>(new Refused(Refusals.Draining));
    }

    /// <summary>Sends idle actors out of memory. Their channels' subscribers notice nothing.</summary>
    public void PassivateIdle()
    {
        var count = 0;
        foreach (var shard in _shards)
        {
            foreach (var entry in shard.Actors)
            {
                if (entry.Value.TryPassivate(_settings.Options.PassivateAfter))
                {
                    shard.Actors.TryRemove(entry);
                    count++;
                }
            }
        }
        if (count > 0)
            EngineLog.Passivated(_settings.Log, count);
    }

    /// <summary>Refuses new commands as <c>draining</c> and completes once all accepted ones are answered.</summary>
    public async Task StopAsync()
    {
        _draining = true;
        // A caller that read the flag before may still add an actor; its ask was accepted, so it is waited for as well.
        while (_shards.SelectMany(shard => shard.Actors).ToList() is { Count: > 0 } actors)
        {
            await Task.WhenAll(actors.Select(entry => entry.Value.StopAsync()));
            foreach (var entry in actors)
                _shards[ShardId.Of(entry.Key, _shards.Length)].Actors.TryRemove(entry);
        }
    }

    private ChannelActor ActorOf(Shard shard, string channelId) =>
        shard.Actors.TryGetValue(channelId, out var actor)
            ? actor
            : shard.Actors.GetOrAdd(
                channelId,
                static (id, state) =>
                    new ChannelActor(id, state.shard, state.region._journal, state.region._liveFeed, state.region._settings),
                (shard, region: this)
            );
}
