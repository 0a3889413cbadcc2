using System.Diagnostics;
using System.Net;

namespace Ams.TestKit.Processes;

/// <summary>How a server that ended by itself did so.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Output">What it wrote.</param>
public sealed record ServerExit(int ExitCode, ProcessOutput Output);

/// <summary>The real server executable as a child process. Disposing kills it; the data stays in the setup's directory.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerProcess(ServerSetup setup, Process process)
    {
        Setup = setup;
        _process = process;
        Output.Attach(process);
        // A test host that ends without disposing takes its servers along.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>How it was started.</summary>
    public ServerSetup Setup { get; }

    /// <summary>The address that clients use.</summary>
    public Uri BaseAddress => Setup.BaseAddress;

    /// <summary>The process id.</summary>
    public int Pid => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote so far.</summary>
    public ProcessOutput Output { get; } = new();

    /// <summary>Starts the server and returns when <c>/readyz</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has its output.</exception>
    /// <exception cref="TimeoutException">It was not ready within a minute.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup, CancellationToken ct = default)
    {
        var server = Launch(setup);
        try
        {
            await server.WaitUntilReadyAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server and returns at once, ready or not.</summary>
    public static ServerProcess Launch(ServerSetup setup)
    {
        IReadOnlyList<string> command = [.. setup.Wrapper, ServerExecutable.Path, .. setup.Arguments];
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = setup.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach (var key in start.Environment.Keys.Where(IsOfAnyServer).ToList())
            start.Environment.Remove(key);
        foreach (var (key, value) in setup.EffectiveEnvironment())
        {
            if (value is not null)
                start.Environment[key] = value;
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{ServerExecutable.Path} did not start.");
        process.StandardInput.Close();
        return new ServerProcess(setup, process);
    }

    /// <summary>Starts a server that is expected to refuse, and returns how it ended.</summary>
    /// <exception cref="TimeoutException">It still runs after a minute.</exception>
    public static async Task<ServerExit> RunToExitAsync(ServerSetup setup, CancellationToken ct = default)
    {
        await using var server = Launch(setup);
        return new ServerExit(await server.WaitForExitAsync(ct), server.Output);
    }

    /// <summary>Returns when <c>/readyz</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">The server ended; the message has its output.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken ct = default)
    {
        using var client = new HttpClient { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Eventually.TrueAsync(() => IsReadyAsync(client, ct), ReadyMax, "the server is ready", ct);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Output.Text}", e);
        }
    }

    /// <summary>Sends a signal to this very process.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            Signals.Send(_process.Id, signal);
    }

    /// <summary>kill -9, and returns when the process is gone.</summary>
    public async Task KillAsync(CancellationToken ct = default)
    {
        Send(Signal.Kill);
        await WaitForExitAsync(ct);
    }

    /// <summary>SIGTERM, and returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken ct = default)
    {
        Send(Signal.Terminate);
        return WaitForExitAsync(ct);
    }

    /// <summary>Returns the exit code once the process has ended and all its output was read.</summary>
    /// <exception cref="TimeoutException">It still runs after a minute.</exception>
    public async Task<int> WaitForExitAsync(CancellationToken ct = default)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bound.CancelAfter(ExitMax);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The server still runs after {ExitMax.TotalSeconds:0} s:\n{Output.Text}", e);
        }
        return _process.ExitCode;
    }

    /// <summary>User and system CPU time that the process has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await KillAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken ct)
    {
        if (_process.HasExited)
        {
            await _process.WaitForExitAsync(ct);
            throw new InvalidOperationException($"The server ended with exit code {_process.ExitCode}:\n{Output.Text}");
        }
        try
        {
            using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet.
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return false; // Listening, and too busy to answer yet.
        }
    }

    private static bool IsOfAnyServer(string key) =>
        key.StartsWith("AMS_", StringComparison.Ordinal)
        || key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || key is "DOTNET_ENVIRONMENT";

    private void OnProcessExit(object? sender, EventArgs e) => Send(Signal.Kill);
}
