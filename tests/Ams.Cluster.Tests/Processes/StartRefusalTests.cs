using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Ams.TestKit.Processes;
using Microsoft.Data.Sqlite;

namespace Ams.Cluster.Tests.Processes;

/// <summary>A start that can't be: one clear line, an exit code, and nothing touched.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StartRefusalTests : IDisposable
{
    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute;
    private const UnixFileMode All = ReadAndEnter | UnixFileMode.UserWrite;

    private readonly TempDirectory _directory = new();
    private readonly ServerSetup _setup;

    public StartRefusalTests() => _setup = new ServerSetup { Directory = _directory.Path };

    private string Data => _directory.File("data");

    private string Database => _directory.File("data/ams.db");

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, _setup.Port) { ExclusiveAddressUse = true };
        holder.Start();

        await RefusesAsync(_setup, $"{_setup.Port}");
    }

    [Fact]
    public async Task A_corrupt_database_is_named()
    {
        Directory.CreateDirectory(Data);
        var bytes = new byte[64 * 1024];
        Random.Shared.NextBytes(bytes);
        await File.WriteAllBytesAsync(Database, bytes);

        await RefusesAsync(_setup, "ams.db");
    }

    [Fact]
    public async Task A_database_of_another_program_is_named()
    {
        Directory.CreateDirectory(Data);
        await ExecuteAsync("CREATE TABLE theirs (id integer)");

        await RefusesAsync(_setup, "ams.db");
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("control_plane")]
    [InlineData("what_is_to_come")]
    public async Task A_database_of_a_newer_version_is_named(string component)
    {
        await MakeDatabaseAsync();
        await ExecuteAsync($"INSERT INTO schema_version VALUES ('{component}', 1000, 'later', '2030-01-01T00:00:00.000Z')");

        await RefusesAsync(_setup, "ams.db", "newer version", component);
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_is_named()
    {
        await MakeDatabaseAsync();
        File.SetUnixFileMode(Database, UnixFileMode.UserRead);

        await RefusesAsync(AsAnyUser(_setup), "ams.db", "rights");
    }

    [Fact]
    public async Task A_database_that_may_not_be_read_is_named()
    {
        await MakeDatabaseAsync();
        File.SetUnixFileMode(Database, UnixFileMode.None);

        await RefusesAsync(AsAnyUser(_setup), "ams.db", "rights");
    }

    [Fact]
    public async Task A_directory_that_may_only_be_read_is_named()
    {
        await MakeDatabaseAsync();
        File.Delete(Database + ".lock");
        File.SetUnixFileMode(Data, ReadAndEnter);

        await RefusesAsync(AsAnyUser(_setup), "ams.db", "rights");
    }

    [Fact]
    public async Task A_directory_in_which_none_may_be_made_is_named()
    {
        File.SetUnixFileMode(_directory.Path, ReadAndEnter);

        await RefusesAsync(AsAnyUser(_setup), "data");
    }

    [Fact]
    public async Task A_database_that_is_a_directory_is_named()
    {
        Directory.CreateDirectory(Database);

        await RefusesAsync(_setup, "ams.db");
    }

    [Fact]
    public async Task A_directory_that_can_not_be_made_is_named()
    {
        await File.WriteAllTextAsync(Data, "a file where a directory belongs");

        await RefusesAsync(_setup, "data");
    }

    [Fact]
    public async Task A_database_that_another_server_has_open_is_named()
    {
        await using var first = await ServerProcess.StartAsync(_setup);
        var second = new ServerSetup { Directory = _directory.Path };

        var exit = await ServerProcess.RunToExitAsync(second);

        ShouldBeRefused(exit, "ams.db", "another server");
        using var workload = await Workload.CreateAsync(first.BaseAddress, CancellationToken.None);
        await workload.WriteAsync("w", count: 1, CancellationToken.None);
    }

    [Theory]
    [InlineData("{", "ams.conf")]
    [InlineData("[]", "ams.conf")]
    [InlineData("""{"log": {"requests": "perhaps"}}""", "requests")]
    [InlineData("""{"sockets": {"heartbeat": "soon"}}""", "heartbeat")]
    [InlineData("""{"sockets": {"heartbeet": "30s"}}""", "heartbeet")]
    [InlineData("""{"no-such-key": true}""", "no-such-key")]
    public async Task A_bad_configuration_file_is_named_with_what_is_wrong_in_it(string text, string named)
    {
        await File.WriteAllTextAsync(_directory.File("ams.conf"), text);

        await RefusesAsync(_setup.With("AMS_CONFIG", "ams.conf"), "ams.conf", named);
    }

    [Fact]
    public Task A_configuration_file_that_is_not_there_is_named() =>
        RefusesAsync(_setup.With("AMS_CONFIG", "none.conf"), "AMS_CONFIG", "none.conf");

    [Theory]
    [InlineData("AMS_LISTENN", "http://127.0.0.1:0")]
    [InlineData("AMS_RATE_LIMIT_FILE", "limit")]
    [InlineData("AMS_", "")]
    public Task An_unknown_key_of_the_environment_is_named(string key, string value) =>
        RefusesAsync(_setup.With(key, value), key);

    public void Dispose()
    {
        File.SetUnixFileMode(_directory.Path, All);
        if (Directory.Exists(Data))
            File.SetUnixFileMode(Data, All);
        _directory.Dispose();
    }

    /// <summary>Holds the server to the rights of files: root may write anywhere otherwise. For any other user nothing changes.</summary>
    private static ServerSetup AsAnyUser(ServerSetup setup) =>
        Environment.IsPrivilegedProcess
            ? setup with
            {
                Wrapper =
                [
                    "setpriv",
                    "--bounding-set=-dac_override,-dac_read_search",
                    "--inh-caps=-dac_override,-dac_read_search",
                ],
            }
            : setup;

    private async Task RefusesAsync(ServerSetup setup, params string[] named)
    {
        var before = Files();

        var exit = await ServerProcess.RunToExitAsync(setup);

        ShouldBeRefused(exit, named);
        Files().ShouldBe(before);
    }

    private static void ShouldBeRefused(ServerExit exit, params string[] named)
    {
        exit.ExitCode.ShouldBeInRange(1, 127, exit.Output.Text);
        var line = exit.Output.Lines.ShouldHaveSingleItem(exit.Output.Text);
        foreach (var word in named)
            line.ShouldContain(word);
    }

    /// <summary>Every file, with its size and when it was written. The lock beside a database may stay: it is empty, and says nothing.</summary>
    private List<string> Files() =>
        [
            .. new DirectoryInfo(_directory.Path)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.Extension != ".lock")
                .Select(file => $"{file.FullName}: {file.Length} bytes of {file.LastWriteTimeUtc:O}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A database as a server leaves it.</summary>
    private async Task MakeDatabaseAsync()
    {
        await using var server = await ServerProcess.StartAsync(_setup);
        (await server.StopAsync()).ShouldBe(0, server.Output.Text);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
