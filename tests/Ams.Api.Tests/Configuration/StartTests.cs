using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ams.Api.Tests.Configuration;

/// <summary>The real executable, as a user starts it.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ams-start-");

    [Theory]
    [InlineData("AMS_RATE_LIMIT", "fast")]
    [InlineData("AMS_TYPO", "1")]
    [InlineData("AMS_DATABASE", "postgres://u:p4ssw0rd@127.0.0.1:1/ams")]
    public async Task A_bad_setting_is_one_line_on_standard_error_and_nothing_is_touched(string key, string value)
    {
        var (code, output, error) = await RunToItsEndAsync((key, value));

        code.ShouldNotBe(0);
        output.ShouldBeEmpty();
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(key);
        error.ShouldNotContain("p4ssw0rd");
        _directory.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task Production_without_secrets_does_not_start()
    {
        var (code, _, error) = await RunToItsEndAsync(("ASPNETCORE_ENVIRONMENT", "Production"));

        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("AMS_PLATFORM_KEY");
        _directory.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_nothing_is_touched()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, _, error) = await RunToItsEndAsync(("AMS_LISTEN", $"http://{taken.LocalEndpoint}"));

        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("AMS_LISTEN");
        _directory.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_operator_port_is_one_line_that_says_how_to_do_without()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, _, error) = await RunToItsEndAsync(("AMS_OPERATOR_LISTEN", $"http://{taken.LocalEndpoint}"));

        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("AMS_OPERATOR_LISTEN");
        error.ShouldContain("off");
        _directory.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_one_line_and_stays_as_it_is()
    {
        var path = Path.Combine(_directory.FullName, "ams.db");
        await File.WriteAllTextAsync(path, new string('x', 8192));

        var (code, _, error) = await RunToItsEndAsync(("AMS_LISTEN", "http://127.0.0.1:0"), ("AMS_DATABASE", "sqlite:ams.db"));

        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("ams.db");
        (await File.ReadAllTextAsync(path)).ShouldBe(new string('x', 8192));
    }

    [Fact]
    public async Task A_start_says_in_one_line_where_it_listens_and_where_the_data_is_and_a_signal_ends_it_well()
    {
        using var process = Start(("AMS_LISTEN", "http://127.0.0.1:0"));
        using var patience = new CancellationTokenSource(Patience);

        var line = await process.StandardOutput.ReadLineAsync(patience.Token);
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]))
            await kill.WaitForExitAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);

        line.ShouldNotBeNull().ShouldContain("http://127.0.0.1:");
        line.ShouldContain(Path.Combine("data", "ams.db"));
        process.ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(_directory.FullName, "data", "ams.db")).ShouldBeTrue();
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<(int Code, string Output, string Error)> RunToItsEndAsync(params (string Key, string Value)[] environment)
    {
        using var process = Start(environment);
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }

    private Process Start(params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ams.Api.dll")])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("AMS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AMS_OPERATOR_LISTEN"] = "off";
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        return Process.Start(start)!;
    }
}
