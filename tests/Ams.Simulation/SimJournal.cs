using System.Runtime.CompilerServices;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.TestKit;

namespace Ams.Simulation;

/// <summary>One process's way to the store: batches that wait share a commit, every call takes a while, and calls go wrong in each way the contract allows.
/// What was sent may be committed after its process has died.</summary>
internal sealed class SimJournal(SimWorld world) : IJournal, IReadJournal
{
    private readonly List<(AppendBatch Batch, TaskCompletionSource<AppendStatus> Done)> _waiting = [];
    private bool _committing;

    private InMemoryJournal Store => world.Store;

    public async ValueTask<AppendStatus> AppendAsync(AppendBatch batch)
    {
        if (world.Flaw == Flaw.AckBeforeCommit)
        {
            _ = Begin(batch);
            return AppendStatus.Committed;
        }
        return await Begin(batch);
    }

    public async ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct)
    {
        await CallAsync();
        var log = await Store.RecoverAsync(persistenceId, ct);
        await Task.Yield();
        return log;
    }

    public async ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(
        string persistenceId,
        IReadOnlyList<KeyQuery> keys,
        CancellationToken ct
    )
    {
        await CallAsync();
        var found = await Store.FindKeysAsync(persistenceId, keys, ct);
        await Task.Yield();
        return world.Flaw == Flaw.KeysAreNotLookedUp ? [] : found;
    }

    public async ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    )
    {
        await CallAsync();
        return await Store.FindMessagesAsync(persistenceId, messageSeqs, ct);
    }

    public async ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(
        string persistenceId,
        long messageSeq,
        CancellationToken ct
    )
    {
        await CallAsync();
        return await Store.FindContentEventsAsync(persistenceId, messageSeq, ct);
    }

    public async ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct)
    {
        await CallAsync();
        var head = await Store.HeadAsync(persistenceId, ct);
        await Task.Yield();
        return head;
    }

    public async ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct)
    {
        await CallAsync();
        var heads = await Store.HeadsAsync(persistenceIds, ct);
        await Task.Yield();
        return heads;
    }

    public async ValueTask<EventSlice> ReadAsync(
        string persistenceId,
        long after,
        int eventsMax,
        int bytesMax,
        CancellationToken ct
    )
    {
        await CallAsync();
        var slice = await Store.ReadAsync(persistenceId, after, world.Random.Next(1, 5), bytesMax, ct);
        await Task.Yield();
        return slice;
    }

    public async IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(
        string persistenceId,
        long after,
        long upTo,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await CallAsync();
        await foreach (var slice in Store.CurrentEventsByPersistenceId(persistenceId, after, upTo, ct))
            yield return slice;
    }

    public ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct) =>
        Store.ReadMessagesAsync(persistenceId, query, ct);

    public ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct) =>
        Store.ReadMessageAsync(persistenceId, messageSeq, ct);

    public ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        Store.SeqAtAsync(persistenceId, time, ct);

    private async ValueTask CallAsync()
    {
        await Task.Yield();
        if (world.Happens(30))
            throw new StoreUnavailableException("The simulation took the store away.");
    }

    private Task<AppendStatus> Begin(AppendBatch batch)
    {
        var done = new TaskCompletionSource<AppendStatus>();
        _waiting.Add((batch, done));
        if (!_committing)
        {
            _committing = true;
            world.StoreContext.Post(_ => Commit(), null);
        }
        return done.Task;
    }

    private void Commit()
    {
        var batches = _waiting.ToArray();
        _waiting.Clear();
        foreach (var (batch, done) in batches)
        {
            var status = Commit(batch);
            // The answer travels on its own, and finds its process dead or alive.
            world.StoreContext.Post(_ => done.SetResult(status), null);
        }
        _committing = _waiting.Count > 0;
        if (_committing)
            world.StoreContext.Post(_ => Commit(), null);
    }

    private AppendStatus Commit(AppendBatch batch)
    {
        if (world.Happens(40))
            return AppendStatus.Unavailable;
        if (world.Happens(40))
            return AppendStatus.InDoubt;
        var status = world.Commit(batch);
        return world.Happens(40) ? AppendStatus.InDoubt : status;
    }
}
