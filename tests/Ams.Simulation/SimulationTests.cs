using System.Globalization;
using Xunit.Abstractions;

namespace Ams.Simulation;

/// <summary>Thousands of seeded runs. <c>AMS_SIM_SEEDS</c> says how many (default 2000), <c>AMS_SIM_FIRST</c> from which on, <c>AMS_SIM_SEED</c> replays a single one.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int SeedsDefault = 2000;
    private const int SeedsForFlaw = 300;

    [Fact]
    public void What_must_always_hold_holds_over_every_seed()
    {
        var only = Number("AMS_SIM_SEED");
        var first = only ?? Number("AMS_SIM_FIRST") ?? 1;
        var count = only is null ? Number("AMS_SIM_SEEDS") ?? SeedsDefault : 1;
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var seed = first; seed < first + count; seed++)
        {
            if (Run(seed, Flaw.None, totals) is { } broken)
                Assert.Fail($"Seed {seed}: {broken.Message}{Environment.NewLine}Replay it with AMS_SIM_SEED={seed}.");
        }
        foreach (var (name, total) in totals)
            output.WriteLine($"{total, 9} {name}");
        if (only is null && count >= 100)
            totals["crashes"].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(nameof(Flaw.AckBeforeCommit))]
    [InlineData(nameof(Flaw.KeysAreNotLookedUp))]
    [InlineData(nameof(Flaw.NoTick))]
    public void A_broken_guard_is_noticed(string name)
    {
        var flaw = Enum.Parse<Flaw>(name);
        for (var seed = 1; seed <= SeedsForFlaw; seed++)
        {
            if (Run(seed, flaw, totals: null) is { } broken)
            {
                output.WriteLine($"Noticed with seed {seed}: {broken.Message}");
                return;
            }
        }
        Assert.Fail($"{SeedsForFlaw} seeds did not notice {flaw}.");
    }

    [Fact]
    public void A_seed_replays_its_run()
    {
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var again = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var seed = 1; seed <= 20; seed++)
        {
            Run(seed, Flaw.None, totals);
            Run(seed, Flaw.None, again);
        }
        again.ShouldBe(totals);
    }

    private static BrokenPromiseException? Run(int seed, Flaw flaw, SortedDictionary<string, long>? totals)
    {
        var world = new SimWorld(seed, flaw);
        BrokenPromiseException? broken = null;
        try
        {
            world.Run();
        }
        catch (BrokenPromiseException exception)
        {
            broken = exception;
        }
        if (totals is not null)
        {
            foreach (var (name, count) in world.History.Outcomes)
                Add(totals, name, count);
            Add(totals, "steps", world.Scheduler.Steps);
            Add(totals, "crashes", world.History.Crashes);
            Add(totals, "deliveries", world.History.Deliveries.Count);
            Add(totals, "events", world.Channels.Sum(world.Head));
        }
        return broken;
    }

    private static void Add(SortedDictionary<string, long> totals, string name, long count) =>
        totals[name] = totals.GetValueOrDefault(name) + count;

    private static int? Number(string variable) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
