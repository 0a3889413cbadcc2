using System.Runtime.CompilerServices;
using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.TestKit;

/// <summary>Journal, store and read journal in memory, with the contracts of the real ones. What it holds survives the actors, as a database would.</summary>
public sealed class InMemoryJournal : IJournal, IJournalStore, IReadJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InMemoryLog> _logs = new(StringComparer.Ordinal);

    /// <summary>The incarnation that every log has.</summary>
    public string LogId { get; set; } = "log_1";

    /// <summary>How many appends were committed.</summary>
    public int Commits { get; private set; }

    /// <summary>How many times keys were looked up.</summary>
    public int KeyLookups { get; private set; }

    /// <summary>A log's events as they stand.</summary>
    public IReadOnlyList<JournalEvent> Events(string persistenceId) => In(persistenceId, log => log.Events.ToArray());

    /// <summary>A log's messages as they stand.</summary>
    public IReadOnlyList<StoredMessage> Messages(string persistenceId) =>
        In(persistenceId, log => log.ReadMessages(new MessageQuery(After: 0, Before: null, int.MaxValue, Thread: null)).Items);

    /// <summary>Appends at once.</summary>
    public AppendStatus Append(AppendBatch batch)
    {
        lock (_gate)
        {
            var status = Log(batch.PersistenceId).Append(batch);
            Commits += status == AppendStatus.Committed ? 1 : 0;
            return status;
        }
    }

    /// <inheritdoc />
    public ValueTask<AppendStatus> AppendAsync(AppendBatch batch) => new(Append(batch));

    ValueTask<AppendStatus[]> IJournalStore.CommitAsync(IReadOnlyList<AppendBatch> batches) => new([.. batches.Select(Append)]);

    /// <inheritdoc />
    public ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct) =>
        new(
            In(
                persistenceId,
                log => new RecoveredLog(log.Events.Count, log.Events.Count == 0 ? default : log.Events[^1].CreatedAt)
            )
        );

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(
        string persistenceId,
        IReadOnlyList<KeyQuery> keys,
        CancellationToken ct
    )
    {
        KeyLookups++;
        return new(In(persistenceId, log => keys.Select(log.FindKey).OfType<KeyUse>().ToArray()));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    ) => new(In(persistenceId, log => messageSeqs.Select(log.FindMessage).OfType<MessageFacts>().ToArray()));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(
        string persistenceId,
        long messageSeq,
        CancellationToken ct
    ) => new(In(persistenceId, log => log.ContentEvents(messageSeq)));

    /// <inheritdoc />
    public ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct) => new(In(persistenceId, Head));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct) =>
        new(persistenceIds.Select(id => In(id, Head)).ToArray());

    /// <inheritdoc />
    public ValueTask<EventSlice> ReadAsync(string persistenceId, long after, int eventsMax, int bytesMax, CancellationToken ct) =>
        new(In(persistenceId, log => log.Read(after, eventsMax, bytesMax)));

    /// <inheritdoc />
    public async IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(
        string persistenceId,
        long after,
        long upTo,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        while (after < upTo)
        {
            var slice = await ReadAsync(persistenceId, after, (int)Math.Min(1000, upTo - after), int.MaxValue, ct);
            if (slice.Count == 0)
                throw new InvalidOperationException($"The log ends at {after}, before {upTo}.");
            after = slice.LastSeq;
            yield return slice;
        }
    }

    /// <inheritdoc />
    public ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct) =>
        new(In(persistenceId, log => log.ReadMessages(query)));

    /// <inheritdoc />
    public ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct) =>
        new(
            In(
                persistenceId,
                log =>
                    log.FindMessage(messageSeq) is { } message
                        ? new StoredMessage(message.MessageSeq, message.Body)
                        : (StoredMessage?)null
            )
        );

    /// <inheritdoc />
    public ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        new(In(persistenceId, log => log.SeqAt(time)));

    private LogHead Head(InMemoryLog log) => new(log.Events.Count, FirstAvailable: 1, LogId, log.MessageCount);

    private T In<T>(string persistenceId, Func<InMemoryLog, T> read)
    {
        lock (_gate)
            return read(Log(persistenceId));
    }

    private InMemoryLog Log(string persistenceId)
    {
        if (!_logs.TryGetValue(persistenceId, out var log))
            _logs.Add(persistenceId, log = new InMemoryLog());
        return log;
    }
}
