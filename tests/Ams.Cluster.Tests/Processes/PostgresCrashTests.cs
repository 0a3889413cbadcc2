using Ams.Cluster.Tests.Histories;
using Ams.TestKit.Postgres;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Processes;

/// <summary>One node on PostgreSQL, under load: killed and started again, and with PostgreSQL killed under it.</summary>
public sealed class PostgresCrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    [Fact]
    public Task Nothing_acknowledged_is_lost_when_the_node_is_killed() =>
        RunAsync(
            faults: 3,
            async (_, server, ct) =>
            {
                await server.KillAsync(ct);
                await server.DisposeAsync();
                return await ServerProcess.StartAsync(server.Setup, ct);
            }
        );

    [Fact]
    public Task Nothing_acknowledged_is_lost_when_PostgreSQL_is_killed_and_the_node_goes_on_by_itself() =>
        RunAsync(
            faults: 3,
            async (cluster, server, ct) =>
            {
                await cluster.KillAsync();
                await cluster.StartAsync();
                await server.WaitUntilReadyAsync(ct);
                return server;
            }
        );

    private async Task RunAsync(int faults, Func<PostgresCluster, ServerProcess, CancellationToken, Task<ServerProcess>> fault)
    {
        using var patience = new CancellationTokenSource(Bound);
        var ct = patience.Token;
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        using var directory = new TempDirectory();
        var setup = new ServerSetup { Directory = directory.Path }.With("AMS_DATABASE", await cluster.CreateDatabaseAsync());
        var server = await ServerProcess.StartAsync(setup, ct);
        try
        {
            using var workload = await Workload.CreateAsync(setup.BaseAddress, ct);
            using var stop = new CancellationTokenSource();
            var head = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 6).Select(i => workload.WriteAsync($"w{i}", stop.Token, ct)).ToList();
            var readers = Enumerable.Range(0, 3).Select(i => workload.FollowAsync($"r{i}", head.Task, ct)).ToList();

            for (var i = 0; i < faults; i++)
            {
                await AcknowledgedAsync(workload, Random.Shared.Next(1, 300), writers, ct);
                server = await fault(cluster, server, ct);
            }
            await AcknowledgedAsync(workload, 1, writers, ct);
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            head.SetResult((await workload.ReadLogAsync(ct)).Count);
            // A last kill: it also ends the wait of a reader that was at the head before it was known to be the last one.
            await server.KillAsync(ct);
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(setup, ct);
            await Task.WhenAll(readers);
            var log = await workload.ReadLogAsync(ct);

            output.WriteLine($"{faults} faults, {workload.History.Posts.Count} posts, {log.Count} events");
            HistoryJudge.Judge(workload.History, log).ShouldBeEmpty();
            log.Count.ShouldBe(workload.History.Posts.Count);
            (await server.StopAsync(ct)).ShouldBe(0);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    // At least one more acknowledgement, so that each fault has something to destroy.
    private static Task AcknowledgedAsync(Workload workload, int more, List<Task> writers, CancellationToken ct)
    {
        var goal = workload.History.Posts.Count + more;
        return Eventually.TrueAsync(
            async () =>
            {
                // A writer never ends before it is told to: if one did, its fault is the finding.
                if (writers.Find(writer => writer.IsCompleted) is { } ended)
                    await ended;
                return workload.History.Posts.Count >= goal;
            },
            TimeSpan.FromMinutes(1),
            "the writers get on",
            ct
        );
    }
}
