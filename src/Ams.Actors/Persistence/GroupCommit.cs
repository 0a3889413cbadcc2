using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Ams.Actors.Runtime;

namespace Ams.Actors.Persistence;

/// <summary>Gathers what all channels have ready into one commit. Nothing lingers: a batch that finds no commit under way starts one; while one runs, the next
/// gathers.</summary>
/// <remarks>When a commit ends, the next one is handed to the store first, then the waiters are told, on the thread pool: the store never waits for an actor.</remarks>
internal sealed class GroupCommit(IJournalStore store) : IAsyncDisposable
{
    /// <summary>Most events of one commit, unless a single batch has more. Beyond it a commit only gets longer, not cheaper per event.</summary>
    public const int EventsMax = 4096;

    /// <summary>Most bytes of bodies in one commit, unless a single batch has more.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    private const int WaitersPerWorkItem = 32;

    private readonly object _gate = new();
    private readonly Queue<Waiter> _waiting = new();
    private TaskCompletionSource? _idle;
    private bool _committing;
    private bool _closed;

    /// <summary>Completes when the batch's commit has ended. After <see cref="DisposeAsync"/>: <see cref="AppendStatus.Unavailable"/>.</summary>
    /// <exception cref="ArgumentException">The events are not dense: a bug of the caller, which must not get into a log.</exception>
    public ValueTask<AppendStatus> AppendAsync(AppendBatch batch)
    {
        for (var i = 0; i < batch.Events.Count; i++)
        {
            if (batch.Events[i].SequenceNr != batch.ExpectedHead + 1 + i)
                throw new ArgumentException(
                    $"Event {i} of a batch on {batch.ExpectedHead} has number {batch.Events[i].SequenceNr}.",
                    nameof(batch)
                );
        }
        var waiter = new Waiter(batch);
        lock (_gate)
        {
            if (_closed)
                return new(AppendStatus.Unavailable);
            _waiting.Enqueue(waiter);
            if (_committing)
                return waiter.Task;
            _committing = true;
        }
        _ = RunAsync();
        return waiter.Task;
    }

    /// <summary>Takes no more batches and waits until those that were taken are committed and told.</summary>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            _closed = true;
            if (!_committing)
                return;
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
        }
        await idle;
    }

    // The store completes on its own thread, so what stands between two commits is short: take the next batches, hand them over.
    private async Task RunAsync()
    {
        var taken = Take();
        var begun = Stopwatch.GetTimestamp();
        var commit = store.CommitAsync(Batches(taken));
        while (true)
        {
            var statuses = await commit;
            Measure(taken, begun);
            var ended = taken;
            taken = Take();
            begun = Stopwatch.GetTimestamp();
            if (taken.Length > 0)
                commit = store.CommitAsync(Batches(taken));
            Tell(ended, statuses);
            if (taken.Length == 0)
                return;
        }
    }

    private Waiter[] Take()
    {
        lock (_gate)
        {
            var taken = new List<Waiter>(_waiting.Count);
            var events = 0;
            var bytes = 0L;
            while (_waiting.TryPeek(out var next))
            {
                events += next.Batch.Events.Count;
                bytes += next.Bytes;
                if (taken.Count > 0 && (events > EventsMax || bytes > BytesMax))
                    break;
                taken.Add(_waiting.Dequeue());
            }
            if (taken.Count == 0)
            {
                _committing = false;
                _idle?.SetResult();
            }
            return [.. taken];
        }
    }

    // Figures for people: nothing is decided by this clock.
    private static void Measure(Waiter[] committed, long begun)
    {
        EngineMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        if (!EngineMetrics.CommitEvents.Enabled)
            return;
        var events = 0L;
        foreach (var waiter in committed)
            events += waiter.Batch.Events.Count;
        EngineMetrics.CommitEvents.Record(events);
    }

    private static AppendBatch[] Batches(Waiter[] waiters) => Array.ConvertAll(waiters, w => w.Batch);

    private static void Tell(Waiter[] waiters, AppendStatus[] statuses)
    {
        for (var i = 0; i < waiters.Length; i += WaitersPerWorkItem)
        {
            var told = new Told(waiters, statuses, i, Math.Min(waiters.Length, i + WaitersPerWorkItem));
            ThreadPool.UnsafeQueueUserWorkItem(told, preferLocal: false);
        }
    }

    private sealed class Told(Waiter[] waiters, AppendStatus[] statuses, int from, int to) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = from; i < to; i++)
                waiters[i].Complete(statuses[i]);
        }
    }

    private sealed class Waiter(AppendBatch batch) : IValueTaskSource<AppendStatus>
    {
        private ManualResetValueTaskSourceCore<AppendStatus> _core;

        public AppendBatch Batch => batch;

        public long Bytes { get; } = batch.Events.Sum(e => (long)e.Body.Length) + batch.Messages.Sum(m => (long)m.Body.Length);

        public ValueTask<AppendStatus> Task => new(this, _core.Version);

        public void Complete(AppendStatus status) => _core.SetResult(status);

        public AppendStatus GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags
        ) => _core.OnCompleted(continuation, state, token, flags);
    }
}
