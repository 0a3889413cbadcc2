using System.Collections.Concurrent;
using Ams.Actors.Persistence;

namespace Ams.TestKit;

/// <summary>How an append is made to go wrong.</summary>
public enum AppendFault
{
    /// <summary>It does not go wrong.</summary>
    None,

    /// <summary>Nothing is written, and the writer is told so.</summary>
    Unavailable,

    /// <summary>It is written, and the writer can't know.</summary>
    InDoubtWritten,

    /// <summary>Nothing is written, and the writer can't know.</summary>
    InDoubtLost,

    /// <summary>Somebody else owns the shard.</summary>
    Fenced,

    /// <summary>Somebody else wrote first.</summary>
    Conflict,
}

/// <summary>A journal whose faults the test decides, one append after another, and whose appends wait at a gate when the test says so.</summary>
public sealed class FaultyJournal(IJournal inner) : IJournal
{
    private readonly ConcurrentQueue<AppendFault> _faults = new();
    private volatile TaskCompletionSource? _gate;
    private volatile bool _down;

    /// <summary>How many appends have been asked for.</summary>
    public int Appends => _appends;

    private int _appends;

    /// <summary>Nothing can be read or written while this is true.</summary>
    public bool Down
    {
        get => _down;
        set => _down = value;
    }

    /// <summary>The next appends end like this, in order.</summary>
    public void Next(params AppendFault[] faults)
    {
        foreach (var fault in faults)
            _faults.Enqueue(fault);
    }

    /// <summary>Makes appends wait until <see cref="Open"/>.</summary>
    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the waiting appends go on.</summary>
    public void Open() => Interlocked.Exchange(ref _gate, null)?.SetResult();

    /// <inheritdoc />
    public async ValueTask<AppendStatus> AppendAsync(AppendBatch batch)
    {
        Interlocked.Increment(ref _appends);
        if (_gate is { } gate)
            await gate.Task;
        if (_down)
            return AppendStatus.Unavailable;
        _faults.TryDequeue(out var fault);
        switch (fault)
        {
            case AppendFault.None:
                return await inner.AppendAsync(batch);
            case AppendFault.InDoubtWritten:
                await inner.AppendAsync(batch);
                return AppendStatus.InDoubt;
            case AppendFault.InDoubtLost:
                return AppendStatus.InDoubt;
            case AppendFault.Fenced:
                return AppendStatus.Fenced;
            case AppendFault.Conflict:
                return AppendStatus.Conflict;
            default:
                return AppendStatus.Unavailable;
        }
    }

    /// <inheritdoc />
    public ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct) =>
        Up().RecoverAsync(persistenceId, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(
        string persistenceId,
        IReadOnlyList<KeyQuery> keys,
        CancellationToken ct
    ) => Up().FindKeysAsync(persistenceId, keys, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    ) => Up().FindMessagesAsync(persistenceId, messageSeqs, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(
        string persistenceId,
        long messageSeq,
        CancellationToken ct
    ) => Up().FindContentEventsAsync(persistenceId, messageSeq, ct);

    private IJournal Up() => _down ? throw new StoreUnavailableException("The test took the store away.") : inner;
}
