using System.Net;
using System.Net.Sockets;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Processes;

/// <summary>A start that can't be: one clear line, an exit code, and nothing touched.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ServerSetup _setup;

    public StartTests() => _setup = new ServerSetup { Directory = _directory.Path };

    private string Database => _directory.File("data/ams.db");

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _setup.Port) { ExclusiveAddressUse = true };
        holder.Start();

        await RefusesAsync($"{_setup.Port}");
    }

    [Fact]
    public async Task A_corrupt_database_is_named_and_left_as_it_is()
    {
        Directory.CreateDirectory(_directory.File("data"));
        var bytes = new byte[64 * 1024];
        Random.Shared.NextBytes(bytes);
        await File.WriteAllBytesAsync(Database, bytes);

        await RefusesAsync("ams.db");

        (await File.ReadAllBytesAsync(Database)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_database_that_is_a_directory_is_named()
    {
        Directory.CreateDirectory(Database);

        await RefusesAsync("ams.db");
    }

    [Fact]
    public async Task A_directory_that_can_not_be_made_is_named()
    {
        await File.WriteAllTextAsync(_directory.File("data"), "a file where a directory belongs");

        await RefusesAsync("data");
    }

    [Fact]
    public async Task A_graceful_stop_ends_with_exit_code_0_and_the_data_is_there_again()
    {
        await using (var server = await ServerProcess.StartAsync(_setup))
        {
            using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
            (await server.StopAsync()).ShouldBe(0, server.Output.Text);
        }

        await using var again = await ServerProcess.StartAsync(_setup);
        again.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task A_first_start_that_was_killed_at_once_is_repaired_by_the_next()
    {
        for (var round = 0; round < 3; round++)
        {
            await using var server = ServerProcess.Launch(_setup);
            await Eventually.TrueAsync(
                () => Task.FromResult(File.Exists(Database) || server.HasExited),
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

    private async Task RefusesAsync(string named)
    {
        var exit = await ServerProcess.RunToExitAsync(_setup);

        exit.ExitCode.ShouldBeInRange(1, 127, exit.Output.Text);
        exit.Output.Lines.ShouldHaveSingleItem(exit.Output.Text).ShouldContain(named);
    }
}
