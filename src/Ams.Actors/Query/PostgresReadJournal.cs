using System.Data;
using System.Runtime.CompilerServices;
using Ams.Actors.Persistence;
using Ams.Actors.Storage.Postgres;
using Npgsql;

namespace Ams.Actors.Query;

/// <summary>The read side of the logs over PostgreSQL. Always of the primary: a replica may lack what was acknowledged.</summary>
/// <param name="incarnation">The store's; it changes only by a restore, with nobody running.</param>
internal sealed class PostgresReadJournal(PostgresDatabase database, string incarnation) : IReadJournal
{
    private const int PageEvents = 4096;
    private const int PageBytes = 512 * 1024;

    // The server adds up the sizes, so that no row beyond the page is sent; a body that is kept out of line is not read for its size.
    // The first row always comes, whatever its size. 10 is the longest frame header.
    private const string ReadPage = """
        SELECT e.seq, e.body
        FROM (
            SELECT j.seq, j.body, sum(octet_length(j.body) + 10) OVER (ORDER BY j.seq) AS bytes
            FROM journal j
            WHERE j.channel = (SELECT channel FROM journal_channel WHERE channel_id = $1) AND j.seq > $2
            ORDER BY j.seq
            LIMIT $3
        ) e
        WHERE e.bytes <= $4 OR e.seq = $2 + 1
        ORDER BY e.seq
        """;

    public async ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct) =>
        (await HeadsAsync([persistenceId], ct))[0];

    public async ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct) =>
        await database.QueryAsync(
            async connection =>
            {
                var heads = new LogHead[persistenceIds.Count];
                await using var find = connection.Command(
                    "SELECT k.n, coalesce(c.head, 0), coalesce(c.first_available, 1), coalesce(c.message_count, 0) "
                        + "FROM unnest($1) WITH ORDINALITY k (channel_id, n) LEFT JOIN journal_channel c ON c.channel_id = k.channel_id",
                    (object)persistenceIds.ToArray()
                );
                await using var row = await find.ExecuteReaderAsync(ct);
                while (await row.ReadAsync(ct))
                {
                    var i = (int)row.GetInt64(0) - 1;
                    var logId = LogIds.Of(incarnation, persistenceIds[i]);
                    heads[i] = new LogHead(row.GetInt64(1), row.GetInt64(2), logId, row.GetInt64(3));
                }
                return heads;
            },
            ct
        );

    public async ValueTask<EventSlice> ReadAsync(
        string persistenceId,
        long after,
        int eventsMax,
        int bytesMax,
        CancellationToken ct
    ) =>
        eventsMax <= 0
            ? default
            : await database.QueryAsync(connection => ReadAsync(connection, persistenceId, after, eventsMax, bytesMax, ct), ct);

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

    public async ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct) =>
        await database.QueryAsync(connection => PostgresMessagePages.ReadAsync(connection, persistenceId, query, ct), ct);

    public async ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct) =>
        await database.QueryAsync(connection => PostgresMessagePages.ReadOneAsync(connection, persistenceId, messageSeq, ct), ct);

    public async ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        await database.QueryAsync(
            async connection =>
            {
                await using var find = connection.Command(
                    "SELECT journal_seq_at($1, $2)",
                    persistenceId,
                    time.ToUnixTimeMilliseconds()
                );
                return (long)(await find.ExecuteScalarAsync(ct))!;
            },
            ct
        );

    // Bodies go from the connection's buffer straight to where they are served from.
    private static async Task<EventSlice> ReadAsync(
        NpgsqlConnection connection,
        string persistenceId,
        long after,
        int eventsMax,
        int bytesMax,
        CancellationToken ct
    )
    {
        await using var find = connection.Command(ReadPage, persistenceId, after, (long)eventsMax, (long)bytesMax);
        await using var row = await find.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        SegmentBuilder? page = null;
        while (await row.ReadAsync(ct))
        {
            page ??= new SegmentBuilder(after + 1, eventsMax, bytesMax);
            var seq = row.GetInt64(0);
            if (seq != page.NextSeq)
                throw new StoreUnavailableException($"A log has a gap before {seq}: the database is damaged.");
            await using var body = await row.GetStreamAsync(1, ct);
            var length = (int)body.Length;
            await body.ReadExactlyAsync(page.Reserve(length), ct);
            page.Commit(length);
        }
        return page?.Slice ?? default;
    }
}
