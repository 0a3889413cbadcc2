using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.TestKit;

/// <summary>A read journal that the test takes away and gives back.</summary>
public sealed class AwayReadJournal(IReadJournal inner) : IReadJournal
{
    /// <summary>Nothing can be read while this is true.</summary>
    public bool Away { get; set; }

    /// <inheritdoc />
    public ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct) => Here().HeadAsync(persistenceId, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct) =>
        Here().HeadsAsync(persistenceIds, ct);

    /// <inheritdoc />
    public ValueTask<EventSlice> ReadAsync(string persistenceId, long after, int eventsMax, int bytesMax, CancellationToken ct) =>
        Here().ReadAsync(persistenceId, after, eventsMax, bytesMax, ct);

    /// <inheritdoc />
    public IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(
        string persistenceId,
        long after,
        long upTo,
        CancellationToken ct
    ) => Here().CurrentEventsByPersistenceId(persistenceId, after, upTo, ct);

    /// <inheritdoc />
    public ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct) =>
        Here().ReadMessagesAsync(persistenceId, query, ct);

    /// <inheritdoc />
    public ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct) =>
        Here().ReadMessageAsync(persistenceId, messageSeq, ct);

    /// <inheritdoc />
    public ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        Here().SeqAtAsync(persistenceId, time, ct);

    private IReadJournal Here() => Away ? throw new StoreUnavailableException("The test took the store away.") : inner;
}
