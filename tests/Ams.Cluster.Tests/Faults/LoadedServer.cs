using Ams.Cluster.Tests.Histories;
using Ams.Cluster.Tests.Processes;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Faults;

/// <summary>A server with writers and readers at work, whose history is judged at the end.</summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    /// <summary>How many write at a time.</summary>
    public const int Writers = 4;

    private const int Readers = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ServerSetup _setup;
    private readonly Workload _workload;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<long> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _writers;
    private readonly List<Task> _readers;
    private readonly CancellationToken _ct;

    private LoadedServer(ServerProcess server, Workload workload, Probe probe, CancellationToken ct)
    {
        _setup = server.Setup;
        _workload = workload;
        _ct = ct;
        Server = server;
        Probe = probe;
        _writers = [.. Enumerable.Range(0, Writers).Select(i => workload.WriteAsync($"w{i}", _stop.Token, ct))];
        _readers = [.. Enumerable.Range(0, Readers).Select(i => workload.FollowAsync($"r{i}", _head.Task, ct))];
    }

    /// <summary>The process that runs now.</summary>
    public ServerProcess Server { get; private set; }

    /// <summary>A client beside the load.</summary>
    public Probe Probe { get; }

    /// <summary>What the writers and readers saw.</summary>
    public History History => _workload.History;

    public static async Task<LoadedServer> StartAsync(ServerSetup setup, CancellationToken ct)
    {
        var server = await ServerProcess.StartAsync(setup, ct);
        var workload = await Workload.CreateAsync(setup.BaseAddress, ct);
        return new LoadedServer(server, workload, await Probe.CreateAsync(setup.BaseAddress, ct), ct);
    }

    /// <summary>Returns once the writers got so many more acknowledgements.</summary>
    public Task AcknowledgesAsync(int more)
    {
        var from = History.Posts.Count;
        return WaitAsync(() => Task.FromResult(History.Posts.Count >= from + more), $"{more} more acknowledgements");
    }

    /// <summary>Returns once a post is refused as the contract says.</summary>
    public Task RefusesPostsAsync()
    {
        var attempt = 0;
        return WaitAsync(
            async () => (await Probe.PostAsync($"{Guid.NewGuid():n}-{attempt++}", "probe", _ct)).IsStoreUnavailable(),
            "a post is refused"
        );
    }

    /// <summary>kill -9, then <paramref name="between"/>, then a start on the same data.</summary>
    public async Task RestartAsync(Action between)
    {
        await Server.KillAsync(_ct);
        await Server.DisposeAsync();
        between();
        Server = await ServerProcess.StartAsync(_setup, _ct);
    }

    /// <summary>Ends the load, kills the server once more, and judges what everybody saw against what is in the log after that.</summary>
    /// <returns>How many events the log has.</returns>
    public async Task<int> JudgeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writers);
        _head.SetResult((await _workload.ReadLogAsync(_ct)).Count);
        // Also ends the wait of readers that were at the head before it was known to be the last one.
        await RestartAsync(() => { });
        await Task.WhenAll(_readers);
        var log = await _workload.ReadLogAsync(_ct);
        HistoryJudge.Judge(History, log).ShouldBeEmpty();
        log.Count.ShouldBe(History.Posts.Count);
        return log.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Probe.Dispose();
        _workload.Dispose();
        _stop.Dispose();
    }

    private Task WaitAsync(Func<Task<bool>> condition, string what) =>
        Eventually.TrueAsync(
            async () =>
            {
                // None of these ends before it is told to: if one did, its fault is the finding.
                if (_writers.Concat(_readers).FirstOrDefault(task => task.IsCompleted) is { } ended)
                    await ended;
                Server.HasExited.ShouldBeFalse(Server.Output.Text);
                return await condition();
            },
            Patience,
            what,
            _ct
        );
}
