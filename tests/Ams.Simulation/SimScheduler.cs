using Ams.Actors.Runtime;

namespace Ams.Simulation;

/// <summary>Everything that is ready to go on, in no order: the seed picks what runs next. One thread, so a seed replays a run.</summary>
internal sealed class SimScheduler(Random random)
{
    private readonly List<Ready> _ready = [];

    public int Steps { get; private set; }

    public bool IsEmpty => _ready.Count == 0;

    public void Add(SimContext context, SendOrPostCallback callback, object? state)
    {
        if (!context.IsDead)
            _ready.Add(new Ready(context, callback, state));
    }

    /// <summary>What a crashed process had in hand is gone.</summary>
    public void Discard(SimContext context) => _ready.RemoveAll(ready => ReferenceEquals(ready.Context, context));

    public void RunOne()
    {
        Steps++;
        var index = random.Next(_ready.Count);
        var ready = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        SynchronizationContext.SetSynchronizationContext(ready.Context);
        ready.Callback(ready.State);
    }

    private readonly record struct Ready(SimContext Context, SendOrPostCallback Callback, object? State);
}

/// <summary>One process: every await in it comes back through the scheduler, until it dies. Also its dispatcher.</summary>
internal sealed class SimContext(SimScheduler scheduler) : SynchronizationContext, IDispatcher
{
    public bool IsDead { get; private set; }

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Add(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in the engine blocks.");

    public override SynchronizationContext CreateCopy() => this;

    public void Execute(IThreadPoolWorkItem work) => Post(static state => ((IThreadPoolWorkItem)state!).Execute(), work);

    public void Kill()
    {
        IsDead = true;
        scheduler.Discard(this);
    }
}
