using Ams.Actors.Cluster;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Ams.Actors.Sharding;
using Microsoft.Extensions.Logging;

namespace Ams.Actors;

/// <summary>The engine of one node: its region, its feeds and their clocks. The host starts it before it serves, and stops it once it has stopped accepting.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly AmsActorsOptions _options;
    private readonly TimeProvider _time;
    private readonly ShardRegion _region;
    private readonly ChannelFeeds _feeds;
    private readonly EngineGauges _gauges;
    private ITimer? _passivation;
    private ITimer? _feedTick;

    /// <summary>Puts the engine together over a journal. Nothing runs before <see cref="StartAsync"/> but what is asked for.</summary>
    /// <exception cref="InvalidOperationException">An option is out of its range.</exception>
    public ActorSystem(
        AmsActorsOptions options,
        IJournal journal,
        IReadJournal readJournal,
        IIdGenerator ids,
        TimeProvider time,
        ILogger<ActorSystem> log
    )
        : this(options, journal, readJournal, ids, time, log, new ThreadPoolDispatcher(), new SingleNode(), static feed => feed)
    { }

    internal ActorSystem(
        AmsActorsOptions options,
        IJournal journal,
        IReadJournal readJournal,
        IIdGenerator ids,
        TimeProvider time,
        ILogger log,
        IDispatcher dispatcher,
        IShardAllocation allocation,
        Func<ILivePublisher, ILivePublisher> between
    )
    {
        options.Validate();
        _options = options;
        _time = time;
        var liveFeed = new LiveFeed(options, dispatcher);
        _feeds = new ChannelFeeds(liveFeed, readJournal, log);
        _region = new ShardRegion(allocation, journal, between(liveFeed), new ActorSettings(options, time, ids, dispatcher, log));
        _gauges = new EngineGauges(() => _region.ActorCount, () => _region.WaitingCount, () => liveFeed.Count);
    }

    /// <summary>Where commands go.</summary>
    public IShardRegion Region => _region;

    /// <summary>Where subscriptions come from.</summary>
    public IChannelFeeds Feeds => _feeds;

    /// <summary>How many channels have an actor in memory.</summary>
    public int ActorCount => _region.ActorCount;

    /// <summary>Starts the passivation of idle channels and the check for lost wake-ups.</summary>
    public Task StartAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _passivation = Every(_options.PassivationSweep, static system => system._region.PassivateIdle());
        _feedTick = Every(_options.FeedTick, static system => _ = system._feeds.TickAsync());
        return Task.CompletedTask;
    }

    /// <summary>Answers everything that was accepted, refuses the rest as <c>draining</c>, then completes. Open feeds stay readable: the sockets are closed by who holds them.</summary>
    /// <param name="ct">Stops waiting for the answers.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        await _region.StopAsync().WaitAsync(ct);
        await DisposeAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _gauges.Dispose();
        foreach (var timer in new[] { _passivation, _feedTick })
        {
            if (timer is not null)
                await timer.DisposeAsync();
        }
    }

    private ITimer Every(TimeSpan period, Action<ActorSystem> work) =>
        _time.CreateTimer(state => work((ActorSystem)state!), this, period, period);
}
