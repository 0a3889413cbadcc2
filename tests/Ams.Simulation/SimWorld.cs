using Ams.Actors.Persistence;
using Ams.TestKit;

namespace Ams.Simulation;

/// <summary>A guard that is broken on purpose, to see that the simulation notices.</summary>
internal enum Flaw
{
    None,

    /// <summary>An append is answered before it is committed.</summary>
    AckBeforeCommit,

    /// <summary>Neither the look-up nor the store's index knows an earlier use of a key.</summary>
    KeysAreNotLookedUp,

    /// <summary>A lost wake-up is never made up for.</summary>
    NoTick,
}

/// <summary>One seeded run: clients post and change, readers follow, the process dies and comes back, the store and the wake-ups fail. Then all calms
/// down, and what everybody saw is held against the log.</summary>
internal sealed class SimWorld
{
    private const int StepsMax = 200_000;
    private const int Clients = 4;
    private const int Readers = 3;

    private readonly List<SimClient> _clients = [];
    private readonly List<SimReader> _readers = [];

    public SimWorld(int seed, Flaw flaw = Flaw.None)
    {
        Flaw = flaw;
        Random = new Random(seed);
        Scheduler = new SimScheduler(Random);
        StoreContext = new SimContext(Scheduler);
        ClientContext = new SimContext(Scheduler);
        Node = new SimNode(this);
    }

    public Flaw Flaw { get; }

    public Random Random { get; }

    public SimScheduler Scheduler { get; }

    public SimTime Time { get; } = new();

    public SimContext StoreContext { get; }

    public SimContext ClientContext { get; }

    public InMemoryJournal Store { get; } = new();

    public History History { get; } = new();

    public SimNode Node { get; private set; }

    public IReadOnlyList<string> Channels { get; } = ["chn_a", "chn_b"];

    public bool FaultsOver { get; private set; }

    /// <summary>True with a chance of one in <paramref name="oneIn"/> while faults go on.</summary>
    public bool Happens(int oneIn) => !FaultsOver && Random.Next(oneIn) == 0;

    public AppendStatus Commit(AppendBatch batch)
    {
        var status = Store.Append(Flaw == Flaw.KeysAreNotLookedUp ? WithoutKeys(batch) : batch);
        if (status == AppendStatus.Committed)
            History.Committed(batch);
        return status;
    }

    /// <summary>Runs to the end and checks.</summary>
    /// <exception cref="BrokenPromiseException">What was promised does not hold.</exception>
    public void Run()
    {
        var before = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(ClientContext);
            for (var i = 0; i < Clients; i++)
                _clients.Add(new SimClient(this, i));
            for (var i = 0; i < Readers; i++)
                _readers.Add(new SimReader(this, Channels[i % Channels.Count]));

            RunUntil(() => _clients.TrueForAll(client => client.Done.IsCompleted), "every client to be answered");
            FaultsOver = true;
            RunUntil(() => _readers.TrueForAll(reader => reader.Seen == Head(reader.Channel)), "every reader to reach the head");
            foreach (var done in _clients.Select(client => client.Done).Concat(_readers.Select(reader => reader.Done)))
            {
                if (done.IsFaulted)
                    throw new BrokenPromiseException(done.Exception!.InnerException!.ToString());
            }
            Invariants.Check(this);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public long Head(string channel) => Store.Events(channel).Count;

    private void RunUntil(Func<bool> condition, string what)
    {
        for (var steps = 0; !condition(); steps++)
        {
            if (steps > StepsMax)
                throw new BrokenPromiseException($"Waited in vain for {what}.");
            if (_clients.Find(client => client.Done.IsFaulted) is { } client)
                throw new BrokenPromiseException(client.Done.Exception!.InnerException!.ToString());
            if (_readers.Find(reader => reader.Done.IsFaulted) is { } reader)
                throw new BrokenPromiseException(reader.Done.Exception!.InnerException!.ToString());

            if (Happens(400))
                Crash();
            if (Scheduler.IsEmpty || Random.Next(50) == 0)
                Time.Advance(TimeSpan.FromMilliseconds(Random.Next(1, 8000)));
            if (!Scheduler.IsEmpty)
                Scheduler.RunOne();
        }
    }

    private void Crash()
    {
        var dead = Node;
        dead.Kill();
        Node = new SimNode(this);
        History.Crashes++;
    }

    private static AppendBatch WithoutKeys(AppendBatch batch) =>
        batch with
        {
            Events = [.. batch.Events.Select(e => e with { IdempotencyKey = null })],
        };
}

/// <summary>What the protocol promises does not hold in a run.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);
