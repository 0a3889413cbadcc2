using Ams.Actors;
using Ams.Actors.Cluster;
using Ams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.Simulation;

/// <summary>One life of the server process.</summary>
internal sealed class SimNode
{
    public SimNode(SimWorld world)
    {
        Context = new SimContext(world.Scheduler);
        SynchronizationContext.SetSynchronizationContext(Context);
        var journal = new SimJournal(world);
        System = new ActorSystem(
            new AmsActorsOptions
            {
                ShardCount = 4,
                PassivateAfter = TimeSpan.FromSeconds(20),
                PassivationSweep = TimeSpan.FromSeconds(5),
                FeedTick = world.Flaw == Flaw.NoTick ? TimeSpan.FromDays(365) : TimeSpan.FromSeconds(5),
                RecentEventsMax = 16,
                RecentBytesMax = world.Random.Next(2) == 0 ? 1 : 4096,
                LiveRingBytesMax = world.Random.Next(2) == 0 ? 1 : 64 * 1024,
                TurnEventsMax = world.Random.Next(1, 8),
                MailboxAsksMax = world.Random.Next(2, 100),
                SweepWorkersMax = 2,
            },
            journal,
            journal,
            new SeededIdGenerator(world.Random.Next(), world.Time),
            world.Time,
            NullLogger.Instance,
            Context,
            new SingleNode(),
            inner => new SimPublisher(world, inner)
        );
        _ = System.StartAsync(CancellationToken.None);
        SynchronizationContext.SetSynchronizationContext(world.ClientContext);
    }

    public SimContext Context { get; }

    public ActorSystem System { get; }

    /// <summary>Completes when the process has died: every connection to it breaks.</summary>
    public TaskCompletionSource Died { get; } = new();

    public void Kill()
    {
        Context.Kill();
        Died.SetResult();
    }
}
