using Ams.Actors;
using Ams.Actors.Storage;
using Ams.Api.Configuration;

namespace Ams.Api.Hosting;

/// <summary>Starts and stops what is behind the front end. The store is open before the node listens.</summary>
internal sealed partial class Node(
    IServiceProvider services,
    AmsSettings settings,
    NodeState state,
    TimeProvider time,
    ILogger<Node> log
)
{
    /// <summary>Opens the store and starts the engine; from then on the node is ready.</summary>
    /// <exception cref="DatabaseUnusableException">The database can't be used; its message is one line that says why.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await services.GetRequiredService<AmsStore>().OpenAsync(ct);
        await services.GetRequiredService<ActorSystem>().StartAsync(ct);
        state.Serve();
    }

    /// <summary>Completes when the process is told to stop.</summary>
    public static async Task StopRequestedAsync(IHostApplicationLifetime lifetime)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(requested.SetResult);
        await requested.Task;
    }

    /// <summary>Stops in the order in which nothing that was accepted is lost: what comes in, then the engine, then the store.</summary>
    public async Task StopAsync(IHost host)
    {
        state.Leave();
        LogLeaving(log);
        await Task.Delay(settings.Shutdown.ReadyOff, time);
        state.Drain();
        using var patience = new CancellationTokenSource(settings.Shutdown.Drain, time);
        await host.StopAsync(patience.Token);
        var store = services.GetRequiredService<AmsStore>();
        if (store.IsOpen)
            await StopEngineAsync(services.GetRequiredService<ActorSystem>());
        await store.DisposeAsync();
    }

    private async Task StopEngineAsync(ActorSystem engine)
    {
        using var patience = new CancellationTokenSource(settings.Shutdown.Drain, time);
        try
        {
            await engine.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogUnfinished(log, settings.Shutdown.Drain);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "stopping: not ready any more, finishing what is under way")]
    private static partial void LogLeaving(ILogger log);

    [LoggerMessage(2, LogLevel.Warning, "the engine had not answered everything after {Drain}; callers repeat with the same key")]
    private static partial void LogUnfinished(ILogger log, TimeSpan drain);
}
