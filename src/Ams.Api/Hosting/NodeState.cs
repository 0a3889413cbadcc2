namespace Ams.Api.Hosting;

/// <summary>Where the node is in its life. Moves forward only.</summary>
internal sealed class NodeState : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private volatile NodePhase _phase = NodePhase.Starting;

    /// <summary>The phase now.</summary>
    public NodePhase Phase => _phase;

    /// <summary>Fires when the node begins to drain: sockets close with 4000, long polls and streams end.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>The store is open and the engine runs.</summary>
    public void Serve() => _phase = NodePhase.Serving;

    /// <summary>From here on <c>/readyz</c> is 503; requests are still served.</summary>
    public void Leave()
    {
        if (_phase < NodePhase.Leaving)
            _phase = NodePhase.Leaving;
    }

    /// <summary>Whatever is open is to end.</summary>
    public void Drain()
    {
        _phase = NodePhase.Draining;
        _draining.Cancel();
    }

    /// <inheritdoc />
    public void Dispose() => _draining.Dispose();
}

/// <summary>A node's phases, in their order.</summary>
internal enum NodePhase
{
    /// <summary>Its store is not open yet.</summary>
    Starting,

    /// <summary>It serves.</summary>
    Serving,

    /// <summary>It serves, but wants no new traffic.</summary>
    Leaving,

    /// <summary>It finishes what is under way.</summary>
    Draining,
}
