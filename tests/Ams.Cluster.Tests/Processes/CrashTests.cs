using Ams.Cluster.Tests.Histories;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Processes;

/// <summary>One node under load, killed with -9 at random moments and started again on its data.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Nothing_acknowledged_is_lost_doubled_or_reordered_by_a_few_kills() => RunAsync(kills: 5, TimeSpan.FromMinutes(4));

    [Fact, Trait("Category", "Long")]
    public Task Nothing_acknowledged_is_lost_doubled_or_reordered_by_many_kills() =>
        RunAsync(kills: 60, TimeSpan.FromMinutes(20));

    private async Task RunAsync(int kills, TimeSpan bound)
    {
        using var patience = new CancellationTokenSource(bound);
        var ct = patience.Token;
        using var directory = new TempDirectory();
        var setup = new ServerSetup { Directory = directory.Path };
        var server = await ServerProcess.StartAsync(setup, ct);
        try
        {
            using var workload = await Workload.CreateAsync(setup.BaseAddress, ct);
            using var stop = new CancellationTokenSource();
            var head = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 6).Select(i => workload.WriteAsync($"w{i}", stop.Token, ct)).ToList();
            var readers = Enumerable.Range(0, 3).Select(i => workload.FollowAsync($"r{i}", head.Task, ct)).ToList();

            for (var kill = 0; kill < kills; kill++)
            {
                // At least one acknowledgement since the last start, so that each kill has something to destroy; then a random moment.
                var answered = workload.History.Posts.Count;
                var more = Random.Shared.Next(1, 300);
                await WaitAsync(() => workload.History.Posts.Count >= answered + more, writers, ct);
                await server.KillAsync(ct);
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(setup, ct);
            }
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            head.SetResult((await workload.ReadLogAsync(ct)).Count);
            // A last kill: it also ends the wait of a reader that was at the head before it was known to be the last one.
            await server.KillAsync(ct);
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(setup, ct);
            await Task.WhenAll(readers);
            var log = await workload.ReadLogAsync(ct);

            output.WriteLine(
                $"{kills} kills, {workload.History.Posts.Count} posts, {log.Count} events, {workload.History.Reads.Count} connections"
            );
            HistoryJudge.Judge(workload.History, log).ShouldBeEmpty();
            log.Count.ShouldBe(workload.History.Posts.Count);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static Task WaitAsync(Func<bool> condition, List<Task> writers, CancellationToken ct) =>
        Eventually.TrueAsync(
            async () =>
            {
                // A writer never ends before it is told to: if one did, its fault is the finding.
                if (writers.Find(writer => writer.IsCompleted) is { } ended)
                    await ended;
                return condition();
            },
            TimeSpan.FromMinutes(1),
            "the writers get on",
            ct
        );
}
