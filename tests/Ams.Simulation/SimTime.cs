namespace Ams.Simulation;

/// <summary>A clock that the simulation moves. A timer's callback is posted to the process that made the timer, and dies with it.</summary>
internal sealed class SimTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, (SimContext)SynchronizationContext.Current!, callback, state, period)
        {
            Due = _now + dueTime,
        };
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        _now += by;
        _timers.RemoveAll(timer => timer.Context.IsDead);
        foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToList())
            timer.Fire(_now);
    }

    private sealed class Timer(SimTime time, SimContext context, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        public SimContext Context { get; } = context;

        public DateTimeOffset Due { get; set; }

        public void Fire(DateTimeOffset now)
        {
            Due = now + period;
            Context.Post(s => callback(s), state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
