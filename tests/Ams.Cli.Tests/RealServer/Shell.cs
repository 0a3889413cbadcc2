using System.Diagnostics;

namespace Ams.Cli.Tests.RealServer;

/// <summary>A program in a directory of its own, with what it wrote.</summary>
internal sealed class Shell : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _error;

    private Shell(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public static Shell Start(
        string directory,
        string program,
        IReadOnlyList<string> args,
        params ReadOnlySpan<(string Name, string Value)> environment
    )
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("AMS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(key);
        }

        start.Environment["XDG_CONFIG_HOME"] = directory;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        return new Shell(process);
    }

    /// <summary>The next line of output; null at the end.</summary>
    /// <exception cref="TimeoutException">None came within two minutes; the message has what stands on standard error.</exception>
    public async Task<string?> ReadLineAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"No line came: {await _error}");
        }
    }

    /// <summary>Everything to the end.</summary>
    public async Task<Ended> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        using var bound = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"It did not end: {await output} {await _error}");
        }

        return new Ended(_process.ExitCode, await output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
