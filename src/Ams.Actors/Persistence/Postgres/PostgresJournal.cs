using Ams.Actors.Storage.Postgres;
using Ams.Contracts;
using Npgsql;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>The journal over PostgreSQL: appends through a group commit by shard, reads on pooled connections, a round trip each.</summary>
internal sealed class PostgresJournal(PostgresDatabase database, Shards shards, GroupCommit[] commits) : IJournal
{
    private const string EventColumns =
        "j.seq, j.type, j.created_at, p.principal_id, j.idempotency_key, j.fingerprint, j.message_seq, j.thread, j.body";

    private const string Channel = "(SELECT channel FROM journal_channel WHERE channel_id = $1)";

    public ValueTask<AppendStatus> AppendAsync(AppendBatch batch) =>
        commits[shards.Of(batch.PersistenceId) % commits.Length].AppendAsync(batch);

    public ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct) =>
        new(
            database.QueryAsync(
                async connection =>
                {
                    await using var find = connection.Command(
                        "SELECT head, last_created_at FROM journal_channel WHERE channel_id = $1",
                        persistenceId
                    );
                    await using var row = await find.ExecuteReaderAsync(ct);
                    return await row.ReadAsync(ct)
                        ? new RecoveredLog(row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)))
                        : new RecoveredLog(0, DateTimeOffset.UnixEpoch);
                },
                ct
            )
        );

    public ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(
        string persistenceId,
        IReadOnlyList<KeyQuery> keys,
        CancellationToken ct
    ) =>
        ListAsync(
            $"SELECT {EventColumns} FROM unnest($2, $3) k (principal_id, key) "
                + "JOIN journal_principal p ON p.principal_id = k.principal_id "
                + $"JOIN journal j ON j.channel = {Channel} AND j.principal = p.principal AND j.idempotency_key = k.key",
            row =>
            {
                var e = Event(row);
                return new KeyUse(e.PrincipalId, e.IdempotencyKey!, e.Fingerprint, e);
            },
            ct,
            persistenceId,
            keys.Select(k => k.PrincipalId).ToArray(),
            keys.Select(k => k.IdempotencyKey).ToArray()
        );

    public ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    ) =>
        ListAsync(
            "SELECT j.seq, p.principal_id, j.thread, coalesce(m.deleted, false), coalesce(m.body, j.body) FROM journal j "
                + "JOIN journal_principal p ON p.principal = j.principal "
                + "LEFT JOIN journal_message m ON m.channel = j.channel AND m.message_seq = j.seq "
                + $"WHERE j.channel = {Channel} AND j.seq = ANY ($2) AND j.message_seq = j.seq",
            row => new MessageFacts(
                row.GetInt64(0),
                row.GetString(1),
                Int64OrNull(row, 2),
                row.GetBoolean(3),
                row.GetFieldValue<byte[]>(4)
            ),
            ct,
            persistenceId,
            messageSeqs.ToArray()
        );

    public ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(
        string persistenceId,
        long messageSeq,
        CancellationToken ct
    ) =>
        ListAsync(
            $"SELECT * FROM (SELECT {EventColumns} FROM journal j JOIN journal_principal p ON p.principal = j.principal "
                + $"WHERE j.channel = {Channel} AND j.seq = $2 AND j.message_seq = j.seq UNION ALL "
                + $"SELECT {EventColumns} FROM journal j JOIN journal_principal p ON p.principal = j.principal "
                + $"WHERE j.channel = {Channel} AND j.message_seq = $2 AND j.type = '{EventTypes.MessageEdited}') e ORDER BY e.seq",
            Event,
            ct,
            persistenceId,
            messageSeq
        );

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken ct,
        params object[] values
    ) =>
        await database.QueryAsync(
            async connection =>
            {
                var found = new List<T>();
                await using var find = connection.Command(sql, values);
                await using var row = await find.ExecuteReaderAsync(ct);
                while (await row.ReadAsync(ct))
                    found.Add(read(row));
                return found;
            },
            ct
        );

    private static JournalEvent Event(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            row.GetString(3),
            row.GetFieldValue<byte[]>(8)
        )
        {
            IdempotencyKey = row.IsDBNull(4) ? null : row.GetString(4),
            Fingerprint = row.GetFieldValue<byte[]>(5),
            MessageSeq = row.GetInt64(6),
            Thread = Int64OrNull(row, 7),
        };

    private static long? Int64OrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
