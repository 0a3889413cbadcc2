using System.Runtime.CompilerServices;
using Ams.Actors.Persistence;
using Ams.Actors.Persistence.Sqlite;
using Ams.Actors.Storage.Sqlite;

namespace Ams.Actors.Query;

/// <summary>The read side of the logs over SQLite.</summary>
/// <param name="incarnation">The store's; it changes only by a restore, with nobody running.</param>
internal sealed class SqliteReadJournal(SqliteDatabase database, string incarnation) : IReadJournal
{
    private const int SegmentBytesMin = 4 * 1024;
    private const int EventBytesGuess = 512;
    private const int PageEvents = 4096;
    private const int PageBytes = 512 * 1024;

    public ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct) =>
        database.Readers.ReadAsync((this, persistenceId), static (s, args) => args.Item1.Head(s, args.persistenceId), ct);

    public ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct) =>
        database.Readers.ReadAsync(
            (this, persistenceIds),
            static (s, args) =>
            {
                var heads = new LogHead[args.persistenceIds.Count];
                for (var i = 0; i < heads.Length; i++)
                    heads[i] = args.Item1.Head(s, args.persistenceIds[i]);
                return (IReadOnlyList<LogHead>)heads;
            },
            ct
        );

    public ValueTask<EventSlice> ReadAsync(string persistenceId, long after, int eventsMax, int bytesMax, CancellationToken ct) =>
        database.Readers.ReadAsync(
            (persistenceId, after, eventsMax, bytesMax),
            static (session, a) =>
                TryFind(session, a.persistenceId, out var log) && log.Head > a.after && a.eventsMax > 0
                    ? Read(session, log.Channel, a.after, (int)Math.Min(a.eventsMax, log.Head - a.after), a.bytesMax)
                    : default,
            ct
        );

    public async IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(
        string persistenceId,
        long after,
        long upTo,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        while (after < upTo)
        {
            var page = await ReadAsync(persistenceId, after, (int)Math.Min(PageEvents, upTo - after), PageBytes, ct);
            if (page.Count == 0)
                throw new StoreUnavailableException($"The log {persistenceId} ends at {after}, but {upTo} was to be there.");
            yield return page;
            after = page.LastSeq;
        }
    }

    public ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct) =>
        database.Readers.ReadAsync(
            (persistenceId, query),
            static (session, a) =>
                TryFind(session, a.persistenceId, out var log)
                    ? SqliteMessagePages.Read(session, log.Channel, a.query)
                    : new MessagePage([], HasMore: false),
            ct
        );

    public ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct) =>
        database.Readers.ReadAsync(
            (persistenceId, messageSeq),
            static (session, a) =>
                TryFind(session, a.persistenceId, out var log)
                    ? SqliteMessagePages.ReadOne(session, log.Channel, a.messageSeq)
                    : null,
            ct
        );

    // Times never go back along a log, so the number is found by halving, over the index there is.
    public ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        database.Readers.ReadAsync(
            (persistenceId, Milliseconds: time.ToUnixTimeMilliseconds()),
            static (session, a) =>
            {
                if (!TryFind(session, a.persistenceId, out var log))
                    return 0;
                var (low, high) = (log.FirstAvailable - 1, log.Head);
                while (low < high)
                {
                    var middle = low + (high - low + 1) / 2;
                    if (CreatedAt(session, log.Channel, middle) <= a.Milliseconds)
                        low = middle;
                    else
                        high = middle - 1;
                }
                return low < log.FirstAvailable ? 0 : low;
            },
            ct
        );

    private LogHead Head(SqliteSession session, string persistenceId) =>
        TryFind(session, persistenceId, out var log)
            ? new LogHead(log.Head, log.FirstAvailable, LogIds.Of(incarnation, persistenceId), log.Messages)
            : new LogHead(0, 1, LogIds.Of(incarnation, persistenceId), 0);

    private static EventSlice Read(SqliteSession session, long channel, long after, int count, int bytesMax)
    {
        var segment = new EventSegment(
            after + 1,
            count,
            (int)Math.Clamp((long)count * EventBytesGuess, SegmentBytesMin, Math.Max(SegmentBytesMin, bytesMax))
        );
        var find = session
            .Prepare("SELECT seq, body FROM journal WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")
            .Bind(1, channel)
            .Bind(2, after)
            .Bind(3, count);
        var bytes = 0;
        while (find.Step())
        {
            var seq = find.Int64(0);
            if (seq != after + 1 + segment.Count)
                throw new StoreUnavailableException($"A log has a gap before {seq}: the database is damaged.");
            var body = find.Blob(1);
            if (StoredBody.IsBlank(body))
                body = StoredBody.Rewritten(session, channel, seq);
            bytes += EventSegment.FrameBytes(body.Length);
            if (bytes > bytesMax && segment.Count > 0)
            {
                find.Reset();
                break;
            }
            if (!segment.TryAppend(body))
            {
                segment = Grown(segment, count, Math.Max(bytes, Math.Min(bytesMax, 2 * bytes)));
                segment.TryAppend(body);
            }
        }
        return segment.Slice(after + 1, int.MaxValue);
    }

    // The guess was too low: events of this page are larger than most.
    private static EventSegment Grown(EventSegment full, int eventsMax, int bytesMax)
    {
        var grown = new EventSegment(full.FirstSeq, eventsMax, bytesMax);
        var events = full.Slice(full.FirstSeq, int.MaxValue);
        for (var i = 0; i < events.Count; i++)
            grown.TryAppend(events.Body(i).Span);
        return grown;
    }

    private static long CreatedAt(SqliteSession session, long channel, long seq)
    {
        var find = session
            .Prepare("SELECT created_at FROM journal WHERE channel = ?1 AND seq = ?2")
            .Bind(1, channel)
            .Bind(2, seq);
        if (!find.Step())
            throw new StoreUnavailableException($"A log has no event {seq} below its head: the database is damaged.");
        var at = find.Int64(0);
        find.Reset();
        return at;
    }

    private static bool TryFind(SqliteSession session, string persistenceId, out Log log)
    {
        var find = session
            .Prepare("SELECT channel, head, first_available, message_count FROM journal_channel WHERE channel_id = ?1")
            .Bind(1, persistenceId);
        var known = find.Step();
        log = known ? new(find.Int64(0), find.Int64(1), find.Int64(2), find.Int64(3)) : default;
        find.Reset();
        return known;
    }

    private readonly record struct Log(long Channel, long Head, long FirstAvailable, long Messages);
}
