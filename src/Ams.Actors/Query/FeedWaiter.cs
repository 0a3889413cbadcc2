using System.Threading.Tasks.Sources;

namespace Ams.Actors.Query;

/// <summary>One subscriber's wait at the live end, used again for each wait. Its continuation runs on the thread that wakes it.</summary>
internal sealed class FeedWaiter : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _armed;
    private volatile bool _stopped;

    /// <summary>Its place in the line; the live channel's own.</summary>
    internal int Index { get; set; } = int.MaxValue;

    /// <summary>True once the subscriber has been stopped.</summary>
    public bool Stopped => _stopped;

    /// <summary>The wait that <see cref="TryArm"/> began.</summary>
    public ValueTask Wait => new(this, _core.Version);

    /// <summary>Begins a wait; false when the subscriber has been stopped.</summary>
    public bool TryArm()
    {
        _core.Reset();
        Volatile.Write(ref _armed, 1);
        Interlocked.MemoryBarrier();
        if (!_stopped)
            return true;
        // Whoever stopped it may be waking it at this moment; only one of the two ends the wait.
        return Interlocked.Exchange(ref _armed, 0) == 0;
    }

    /// <summary>Ends the wait, if there is one.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _armed, 0) == 1)
            _core.SetResult(result: true);
    }

    /// <summary>Ends this wait and makes any further one impossible.</summary>
    public void Stop()
    {
        _stopped = true;
        Interlocked.MemoryBarrier();
        Wake();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}
