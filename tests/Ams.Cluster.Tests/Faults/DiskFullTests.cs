using System.Net;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Faults;

/// <summary>The disk of the database fills up under load, and gets room again.</summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private const int DiskBytes = 16 * 1024 * 1024;

    [Fact]
    public async Task A_full_disk_refuses_posts_serves_readers_loses_nothing_and_is_over_once_there_is_room()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var ct = patience.Token;
        using var directory = new TempDirectory();
        using var disk = SmallDisk.Mount(DiskBytes);
        var setup = new ServerSetup { Directory = directory.Path }.With("AMS_DATABASE", $"sqlite:{disk.Path}/ams.db");
        await using var loaded = await LoadedServer.StartAsync(setup, ct);
        (await loaded.Probe.PostAsync("before", "before", ct)).Status.ShouldBe(HttpStatusCode.Created);
        await loaded.AcknowledgesAsync(100);

        for (var round = 0; round < 3; round++)
        {
            disk.Fill();
            await loaded.RefusesPostsAsync();
            (await loaded.Probe.CreateChannelAsync($"full-{round}", ct)).IsStoreUnavailable().ShouldBeTrue();
            var read = await loaded.Probe.ReadAsync(ct);
            read.Status.ShouldBe(HttpStatusCode.OK, read.Body);
            read.Body.ShouldContain("\"before\"");

            disk.MakeRoom();
            await loaded.AcknowledgesAsync(100);
            (await loaded.Probe.CreateChannelAsync($"room-{round}", ct)).Status.ShouldBe(HttpStatusCode.Created);
        }
        // A connection is recorded when it ends.
        loaded.History.Reads.ShouldBeEmpty("live sockets go on while the disk is full");

        disk.Fill();
        await loaded.RefusesPostsAsync();
        await loaded.RestartAsync(disk.MakeRoom);
        await loaded.AcknowledgesAsync(100);
        output.WriteLine($"{await loaded.JudgeAsync()} events");
    }
}
