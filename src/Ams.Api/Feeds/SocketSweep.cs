using Ams.Api.Feeds.Sockets;
using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>The one timer over all sockets of the node: pings, silence, closing peers that take too long, tokens whose time has passed, presence.
/// On a graceful stop it closes the sockets in paced groups.</summary>
internal sealed class SocketSweep(FeedHost host) : BackgroundService, IHostedLifecycleService
{
    private const int DrainSteps = 20;

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _period = host.Settings.Heartbeat / 2 < LongestPeriod ? host.Settings.Heartbeat / 2 : LongestPeriod;
    private int _tick;

    /// <summary>Drains before anything else of the host stops: the listener still serves, and the engine still answers.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => DrainAsync(cancellationToken);

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, host.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Sweep();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Sweep()
    {
        try
        {
            _tick++;
            foreach (var socket in host.Sockets.Snapshot())
                Sweep(socket);
            host.Hubs.PublishPresence();
        }
        catch (Exception e)
        {
            // One bad round must not end the heartbeat of the node.
            FeedLog.SweepFailed(host.Log, e);
        }
    }

    private void Sweep(SocketConnection socket)
    {
        if (socket.IsClosing)
        {
            if (socket.IsOverdue)
                socket.Abort();
            return;
        }
        if (socket.Silence > host.Settings.Heartbeat * 2)
        {
            socket.Close(CloseCode.HeartbeatMissed, "Answer pings.");
            return;
        }
        socket.Judge?.Invoke();
        var ticksPerPing = Math.Max(1, (int)(host.Settings.Heartbeat / _period));
        // Each socket has its own tick, so that pings are spread over the whole heartbeat.
        if ((_tick + socket.Phase) % ticksPerPing == 0)
            socket.Ping();
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        host.Sockets.BeginDraining();
        var sockets = host.Sockets.Snapshot();
        if (sockets.Length == 0)
            return;
        FeedLog.Draining(host.Log, sockets.Length, host.Settings.DrainPeriod);
        var group = Math.Max(1, (sockets.Length + DrainSteps - 1) / DrainSteps);
        foreach (var next in sockets.Chunk(group))
        {
            await Task.WhenAll(next.Select(DrainAsync)).WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (sockets.Length > group)
                await Task.Delay(host.Settings.DrainPeriod / DrainSteps, host.Time, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task DrainAsync(SocketConnection socket) => socket.Drain?.Invoke(host.Sockets.Delay()) ?? Task.CompletedTask;
}
