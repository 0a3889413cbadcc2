using System.Diagnostics;

namespace Ams.Cli.Tests;

/// <summary>The real executable, with a configuration folder of its own and without the environment's settings.</summary>
public sealed class AmsProcess : IDisposable
{
    private readonly DirectoryInfo _config = Directory.CreateTempSubdirectory("ams-cli-");

    public string ProfilePath => Path.Combine(_config.FullName, "ams", "profile.json");

    public string Folder => _config.FullName;

    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ams.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var name in new[] { "AMS_URL", "AMS_TOKEN", "AMS_PLATFORM_KEY" })
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_CONFIG_HOME"] = _config.FullName;
        return Process.Start(start)!;
    }

    public Task<Ended> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public async Task<Ended> RunWithInputAsync(string input, params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process, output, error);
    }

    public static async Task<Ended> EndAsync(Process process, Task<string> output, Task<string> error)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"ams did not end: {await output} {await error}");
        }

        return new Ended(process.ExitCode, await output, await error);
    }

    public void Dispose() => _config.Delete(recursive: true);
}

/// <summary>How a run ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Error);
