namespace Ams.Client;

/// <summary>Delays between attempts: exponential, half of each jittered, so that clients cut off together do not come back together.</summary>
internal sealed class Backoff(TimeSpan delayMin, TimeSpan delayMax, Func<double> jitter)
{
    private int _attempt;

    /// <summary>The next delay; twice the last one, up to the longest.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(delayMin.TotalMilliseconds * Math.Pow(2, Math.Min(_attempt++, 30)), delayMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full / 2 + full / 2 * jitter());
    }

    /// <summary>What a server asked for, spread a little upwards: never sooner than asked.</summary>
    public TimeSpan AtLeast(TimeSpan asked)
    {
        var own = Next();
        var spread = TimeSpan.FromMilliseconds(asked.TotalMilliseconds * (1 + 0.2 * jitter()));
        return spread > own ? spread : own;
    }

    /// <summary>Progress was made: begin again with the shortest.</summary>
    public void Reset() => _attempt = 0;
}
