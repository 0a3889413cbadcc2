using Ams.Actors.Storage.Sqlite;
using Ams.Contracts;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>The journal over SQLite: appends through the group commit, reads on reading connections.</summary>
internal sealed class SqliteJournal(SqliteDatabase database, GroupCommit commits) : IJournal
{
    private const string EventColumns =
        "j.seq, j.type, j.created_at, p.principal_id, j.idempotency_key, j.fingerprint, " + "j.message_seq, j.thread, j.body";

    public ValueTask<AppendStatus> AppendAsync(AppendBatch batch) => commits.AppendAsync(batch);

    public ValueTask<RecoveredLog> RecoverAsync(string persistenceId, CancellationToken ct) =>
        database.Readers.ReadAsync(
            persistenceId,
            static (session, id) =>
            {
                var find = session.Prepare("SELECT head, last_created_at FROM journal_channel WHERE channel_id = ?1").Bind(1, id);
                if (!find.Step())
                    return new RecoveredLog(0, DateTimeOffset.UnixEpoch);
                var log = new RecoveredLog(find.Int64(0), DateTimeOffset.FromUnixTimeMilliseconds(find.Int64(1)));
                find.Reset();
                return log;
            },
            ct
        );

    public ValueTask<IReadOnlyList<KeyUse>> FindKeysAsync(
        string persistenceId,
        IReadOnlyList<KeyQuery> keys,
        CancellationToken ct
    ) =>
        database.Readers.ReadAsync(
            (persistenceId, keys),
            static (session, args) =>
            {
                var found = new List<KeyUse>();
                if (!TryFindChannel(session, args.persistenceId, out var channel))
                    return (IReadOnlyList<KeyUse>)found;
                var find = session.Prepare(
                    $"SELECT {EventColumns} FROM journal j JOIN journal_principal p ON p.principal = j.principal "
                        + "WHERE j.channel = ?1 AND j.principal = (SELECT principal FROM journal_principal WHERE principal_id = ?2) "
                        + "AND j.idempotency_key = ?3"
                );
                foreach (var key in args.keys)
                {
                    find.Bind(1, channel).Bind(2, key.PrincipalId).Bind(3, key.IdempotencyKey);
                    if (!find.Step())
                        continue;
                    var e = Event(session, channel, find);
                    find.Reset();
                    found.Add(new KeyUse(key.PrincipalId, key.IdempotencyKey, e.Fingerprint, e));
                }
                return found;
            },
            ct
        );

    public ValueTask<IReadOnlyList<MessageFacts>> FindMessagesAsync(
        string persistenceId,
        IReadOnlyList<long> messageSeqs,
        CancellationToken ct
    ) =>
        database.Readers.ReadAsync(
            (persistenceId, messageSeqs),
            static (session, args) =>
            {
                var found = new List<MessageFacts>();
                if (!TryFindChannel(session, args.persistenceId, out var channel))
                    return (IReadOnlyList<MessageFacts>)found;
                var find = session.Prepare(
                    "SELECT p.principal_id, j.thread, coalesce(m.deleted, 0), j.body, s.body FROM journal j "
                        + "JOIN journal_principal p ON p.principal = j.principal "
                        + "LEFT JOIN journal_message m ON m.channel = j.channel AND m.message_seq = j.seq "
                        + "LEFT JOIN journal_slot s ON s.slot = m.slot "
                        + "WHERE j.channel = ?1 AND j.seq = ?2 AND j.message_seq = j.seq"
                );
                foreach (var seq in args.messageSeqs)
                {
                    if (!find.Bind(1, channel).Bind(2, seq).Step())
                        continue;
                    var body = find.IsNull(4) ? find.Blob(3).ToArray() : StoredBody.Trim(find.Blob(4)).ToArray();
                    found.Add(new MessageFacts(seq, find.Text(0), find.Int64OrNull(1), find.Int64(2) != 0, body));
                    find.Reset();
                }
                return found;
            },
            ct
        );

    public ValueTask<IReadOnlyList<JournalEvent>> FindContentEventsAsync(
        string persistenceId,
        long messageSeq,
        CancellationToken ct
    ) =>
        database.Readers.ReadAsync(
            (persistenceId, messageSeq),
            static (session, args) =>
            {
                var found = new List<JournalEvent>();
                if (!TryFindChannel(session, args.persistenceId, out var channel))
                    return (IReadOnlyList<JournalEvent>)found;
                Collect("j.seq = ?2 AND j.message_seq = j.seq");
                Collect($"j.message_seq = ?2 AND j.type = '{EventTypes.MessageEdited}' ORDER BY j.seq");
                return found;

                void Collect(string condition)
                {
                    var find = session
                        .Prepare(
                            $"SELECT {EventColumns} FROM journal j JOIN journal_principal p ON p.principal = j.principal "
                                + $"WHERE j.channel = ?1 AND {condition}"
                        )
                        .Bind(1, channel)
                        .Bind(2, args.messageSeq);
                    while (find.Step())
                        found.Add(Event(session, channel, find));
                }
            },
            ct
        );

    private static bool TryFindChannel(SqliteSession session, string channelId, out long channel)
    {
        var find = session.Prepare("SELECT channel FROM journal_channel WHERE channel_id = ?1").Bind(1, channelId);
        var known = find.Step();
        channel = known ? find.Int64(0) : 0;
        find.Reset();
        return known;
    }

    private static JournalEvent Event(SqliteSession session, long channel, SqliteStatement row) =>
        new(
            row.Int64(0),
            row.Text(1),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(2)),
            row.Text(3),
            StoredBody.OfEvent(session, channel, row.Int64(0), row.Blob(8))
        )
        {
            IdempotencyKey = row.IsNull(4) ? null : row.Text(4),
            Fingerprint = row.Blob(5).ToArray(),
            MessageSeq = row.Int64(6),
            Thread = row.Int64OrNull(7),
        };
}
