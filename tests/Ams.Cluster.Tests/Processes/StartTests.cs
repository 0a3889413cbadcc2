using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Processes;

/// <summary>Ends and starts that go well, one after the other on the same data.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ServerSetup _setup;

    public StartTests() => _setup = new ServerSetup { Directory = _directory.Path };

    [Fact]
    public async Task A_graceful_stop_ends_with_exit_code_0_and_the_data_is_there_again()
    {
        Workload workload;
        await using (var server = await ServerProcess.StartAsync(_setup))
        {
            workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
            await workload.WriteAsync("w", count: 3, CancellationToken.None);
            (await server.StopAsync()).ShouldBe(0, server.Output.Text);
        }

        await using var again = await ServerProcess.StartAsync(_setup);
        using (workload)
            (await workload.ReadLogAsync(CancellationToken.None)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_first_start_that_was_killed_at_once_is_repaired_by_the_next()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var server = ServerProcess.Launch(_setup);
            await Eventually.TrueAsync(
                () => Task.FromResult(File.Exists(_directory.File("data/ams.db")) || server.HasExited),
                TimeSpan.FromMinutes(1),
                "the file is there"
            );
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(_setup);
        using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
        (await workload.ReadLogAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    public void Dispose() => _directory.Dispose();
}
