using System.Net;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Faults;

/// <summary>The disk takes writes, but can't promise to keep them: fsync fails under load.</summary>
public sealed class SyncFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_failing_fsync_refuses_posts_serves_readers_loses_nothing_and_is_over_once_it_works()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var ct = patience.Token;
        using var directory = new TempDirectory();
        var setup = new ServerSetup { Directory = directory.Path }.WithSyncFault();
        await using var loaded = await LoadedServer.StartAsync(setup, ct);
        (await loaded.Probe.PostAsync("before", "before", ct)).Status.ShouldBe(HttpStatusCode.Created);
        await loaded.AcknowledgesAsync(100);

        for (var round = 0; round < 3; round++)
        {
            await loaded.Server.FailSyncsAsync(ct);
            await loaded.RefusesPostsAsync();
            var acknowledged = loaded.History.Posts.Count;
            for (var post = 0; post < 20; post++)
                (await loaded.Probe.PostAsync($"bad-{round}-{post}", "bad", ct)).IsStoreUnavailable().ShouldBeTrue();
            loaded.History.Posts.Count.ShouldBeLessThanOrEqualTo(acknowledged + LoadedServer.Writers, "answers under way");
            (await loaded.Probe.CreateChannelAsync($"bad-{round}", ct)).IsStoreUnavailable().ShouldBeTrue();
            (await loaded.Probe.ReadAsync(ct)).Status.ShouldBe(HttpStatusCode.OK);

            await loaded.Server.MendSyncsAsync(ct);
            await loaded.AcknowledgesAsync(100);
            (await loaded.Probe.CreateChannelAsync($"good-{round}", ct)).Status.ShouldBe(HttpStatusCode.Created);
        }
        // A connection is recorded when it ends.
        loaded.History.Reads.ShouldBeEmpty("live sockets go on while fsync fails");

        for (var round = 0; round < 3; round++)
        {
            await loaded.Server.FailSomeSyncsAsync(ct);
            await loaded.AcknowledgesAsync(50);
            await loaded.Server.FailSyncsAsync(ct);
            await loaded.RefusesPostsAsync();
            await loaded.RestartAsync(() => { });
            await loaded.AcknowledgesAsync(50);
        }
        output.WriteLine($"{await loaded.JudgeAsync()} events");
    }
}
