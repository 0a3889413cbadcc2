using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ams.Cluster.Tests.Histories;
using Ams.Cluster.Tests.Processes;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Operations;

/// <summary>Backup and restore, as an operator runs them: the real executable beside a real server.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ServerSetup _setup;

    public BackupTests() => _setup = new ServerSetup { Directory = _directory.Path };

    private string Saved => _directory.File("saved.db");

    [Fact]
    public async Task A_backup_under_load_restores_elsewhere_to_a_prefix_of_the_history_in_a_log_with_another_id()
    {
        await using var server = await ServerProcess.StartAsync(_setup);
        using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, 3)
            .Select(i => workload.WriteAsync($"w{i}", stop.Token, CancellationToken.None))
            .ToList();
        await AckedAsync(workload, 20);

        (await RunAsync("backup", Saved)).ExitCode.ShouldBe(0);

        var atBackup = workload.History.Posts.Count;
        await AckedAsync(workload, atBackup + 20);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        var whole = await workload.ReadLogAsync(CancellationToken.None);
        var before = await LogAsync(_setup.BaseAddress, workload);
        using var elsewhere = new TempDirectory();
        var other = new ServerSetup { Directory = elsewhere.Path };
        var restore = await RunAsync(other, "restore", Saved);
        restore.ExitCode.ShouldBe(0, restore.Output.Text);
        await using var restored = await ServerProcess.StartAsync(other);

        using var reader = workload.At(other.BaseAddress);
        var prefix = await reader.ReadLogAsync(CancellationToken.None);
        prefix.Count.ShouldBeInRange(20, whole.Count - 1);
        prefix.ShouldBe(whole.Take(prefix.Count));
        var after = await LogAsync(other.BaseAddress, workload);
        after.LogId.ShouldNotBe(before.LogId);
        (await ResumeAsync(other.BaseAddress, workload, after: 1, before.LogId)).ShouldBe("invalid_cursor");
        (await ResumeAsync(other.BaseAddress, workload, after: before.Head, logId: null)).ShouldBe("invalid_cursor");
        (await ResumeAsync(other.BaseAddress, workload, after: 1, after.LogId)).ShouldBeNull();
    }

    [Fact]
    public async Task A_restore_is_refused_while_a_server_runs_there_and_over_a_database_unless_forced()
    {
        string logId;
        await using (var server = await ServerProcess.StartAsync(_setup))
        {
            using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
            logId = (await LogAsync(_setup.BaseAddress, workload)).LogId;
            (await RunAsync("backup", Saved)).ExitCode.ShouldBe(0);

            RefusedWith(await RunAsync("restore", Saved, "--force"), "in use");
            RefusedWith(await RunAsync("backup", Saved), "saved.db");
            (await LogAsync(_setup.BaseAddress, workload)).LogId.ShouldBe(logId);
            (await server.StopAsync()).ShouldBe(0);
        }

        RefusedWith(await RunAsync("restore", Saved), "--force");
        var forced = await RunAsync("restore", Saved, "--force");

        forced.ExitCode.ShouldBe(0, forced.Output.Text);
        var aside = Directory.GetFiles(_directory.File("data"), "ams.db.before-restore-*").ShouldHaveSingleItem();
        forced.Output.Text.ShouldContain(aside);
    }

    [Theory]
    [InlineData(2, "backup")]
    [InlineData(2, "backup", "a", "b")]
    [InlineData(2, "backup", "--force")]
    [InlineData(2, "restore")]
    [InlineData(2, "restore", "a", "--hard")]
    [InlineData(2, "serve")]
    [InlineData(1, "backup", "saved.db")]
    [InlineData(1, "restore", "there-is-no-such-file.db")]
    public async Task What_can_not_be_done_is_one_line_and_nothing_is_touched(int exitCode, params string[] arguments)
    {
        var exit = await RunAsync(arguments);

        exit.ExitCode.ShouldBe(exitCode, exit.Output.Text);
        exit.Output.Lines.ShouldHaveSingleItem(exit.Output.Text);
        Directory.EnumerateFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_tells_the_commands_and_their_exit_codes()
    {
        var exit = await RunAsync("--help");

        exit.ExitCode.ShouldBe(0);
        foreach (var word in (string[])["backup FILE", "restore FILE", "--force", "Exit codes"])
            exit.Output.Text.ShouldContain(word);
    }

    public void Dispose() => _directory.Dispose();

    private static void RefusedWith(ServerExit exit, string word)
    {
        exit.ExitCode.ShouldBe(1, exit.Output.Text);
        exit.Output.Lines.ShouldHaveSingleItem(exit.Output.Text).ShouldContain(word);
    }

    private static Task AckedAsync(Workload workload, int posts) =>
        Eventually.TrueAsync(
            () => Task.FromResult(workload.History.Posts.Count >= posts),
            TimeSpan.FromMinutes(2),
            $"{posts} posts are acknowledged"
        );

    // Without the server's secrets: a backup needs to know the database alone.
    private Task<ServerExit> RunAsync(params string[] arguments) => RunAsync(_setup, arguments);

    private static Task<ServerExit> RunAsync(ServerSetup setup, params string[] arguments) =>
        ServerProcess.RunToExitAsync(
            (setup with { Arguments = arguments }).With("AMS_PLATFORM_KEY", null).With("AMS_TOKEN_PEPPER", null)
        );

    private static async Task<(long Head, string LogId)> LogAsync(Uri server, Workload workload)
    {
        using var json = await GetAsync(server, workload, $"/v1/channels/{workload.Channel}", HttpStatusCode.OK);
        var channel = json.RootElement.GetProperty("channel");
        return (channel.GetProperty("head_seq").GetInt64(), channel.GetProperty("log_id").GetString()!);
    }

    private static async Task<string?> ResumeAsync(Uri server, Workload workload, long after, string? logId)
    {
        var path = $"/v1/channels/{workload.Channel}/events?after={after}" + (logId is null ? "" : $"&log_id={logId}");
        using var json = await GetAsync(server, workload, path, expected: null);
        return json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private static async Task<JsonDocument> GetAsync(Uri server, Workload workload, string path, HttpStatusCode? expected)
    {
        using var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", workload.Token);
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        if (expected is { } status)
            response.StatusCode.ShouldBe(status, body);
        return JsonDocument.Parse(body);
    }
}
