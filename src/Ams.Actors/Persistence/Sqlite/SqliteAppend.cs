using Ams.Actors.Storage.Sqlite;
using Ams.Contracts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>Writes one batch inside the transaction that is open. Used by the writer thread for the length of one transaction: it remembers which rows stand for
/// which principals, and a rollback would make that untrue.</summary>
internal sealed class SqliteAppend(SqliteSession session)
{
    private readonly Dictionary<string, long> _principals = new(StringComparer.Ordinal);

    /// <summary>Writes the batch. False: it conflicts, and part of it may have been written, so the transaction has to be rolled back.</summary>
    /// <exception cref="SqliteException">The store failed.</exception>
    public bool TryWrite(AppendBatch batch)
    {
        var channel = Channel(batch.PersistenceId, out var head, out var messages);
        if (head != batch.ExpectedHead)
            return false;
        foreach (var e in batch.Events)
        {
            if (e.Type == EventTypes.MessageCreated)
                messages++;
            if (!TryInsert(channel, batch.Term, e, messages))
                return false;
        }
        if (batch.Events.Count > 0)
            MoveHead(channel, batch.Events[^1], messages);
        foreach (var message in batch.Messages)
            WriteMessage(channel, message);
        foreach (var rewrite in batch.Rewrites)
        {
            if (!TryRewrite(channel, rewrite))
                return false;
        }
        return true;
    }

    private long Channel(string channelId, out long head, out long messages)
    {
        var find = session
            .Prepare("SELECT channel, head, message_count FROM journal_channel WHERE channel_id = ?1")
            .Bind(1, channelId);
        if (find.Step())
        {
            var channel = find.Int64(0);
            (head, messages) = (find.Int64(1), find.Int64(2));
            find.Reset();
            return channel;
        }
        (head, messages) = (0, 0);
        session
            .Prepare(
                "INSERT INTO journal_channel (channel_id, head, last_created_at, message_count, first_available) VALUES (?1, 0, 0, 0, 1)"
            )
            .Bind(1, channelId)
            .Run();
        return raw.sqlite3_last_insert_rowid(session.Connection.Handle!);
    }

    private long Principal(string principalId)
    {
        if (_principals.TryGetValue(principalId, out var known))
            return known;
        session
            .Prepare("INSERT INTO journal_principal (principal_id) VALUES (?1) ON CONFLICT DO NOTHING")
            .Bind(1, principalId)
            .Run();
        var find = session.Prepare("SELECT principal FROM journal_principal WHERE principal_id = ?1").Bind(1, principalId);
        find.Step();
        var principal = find.Int64(0);
        find.Reset();
        _principals[principalId] = principal;
        return principal;
    }

    private bool TryInsert(long channel, long term, JournalEvent e, long messages) =>
        session
            .Prepare(
                "INSERT INTO journal (channel, seq, term, created_at, principal, message_seq, thread, message_count, type, idempotency_key, "
                    + "fingerprint, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING"
            )
            .Bind(1, channel)
            .Bind(2, e.SequenceNr)
            .Bind(3, term)
            .Bind(4, e.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(5, Principal(e.PrincipalId))
            .Bind(6, e.MessageSeq)
            .Bind(7, e.Thread)
            .Bind(8, messages)
            .Bind(9, e.Type)
            .Bind(10, e.IdempotencyKey)
            .Bind(11, e.Fingerprint.Span)
            .Bind(12, e.Body.Span)
            .Run() == 1;

    private void MoveHead(long channel, JournalEvent last, long messages) =>
        session
            .Prepare("UPDATE journal_channel SET head = ?2, last_created_at = ?3, message_count = ?4 WHERE channel = ?1")
            .Bind(1, channel)
            .Bind(2, last.SequenceNr)
            .Bind(3, last.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(4, messages)
            .Run();

    // A slot is overwritten at its own size or not at all (see JournalSchema); one that is outgrown is blanked and left.
    private void WriteMessage(long channel, MessageWrite message)
    {
        var find = session
            .Prepare(
                "SELECT m.slot, length(s.body) FROM journal_message m JOIN journal_slot s ON s.slot = m.slot "
                    + "WHERE m.channel = ?1 AND m.message_seq = ?2"
            )
            .Bind(1, channel)
            .Bind(2, message.MessageSeq);
        var had = find.Step();
        var slot = had ? find.Int64(0) : 0;
        var room = had ? find.Int64(1) : 0;
        find.Reset();
        if (had && room < message.Body.Length)
            session.Prepare("UPDATE journal_slot SET body = zeroblob(length(body)) WHERE slot = ?1").Bind(1, slot).Run();
        if (room >= message.Body.Length)
            session
                .Prepare("UPDATE journal_slot SET body = ?2 WHERE slot = ?1")
                .Bind(1, slot)
                .Bind(2, StoredBody.Pad(message.Body, (int)room))
                .Run();
        else
        {
            session
                .Prepare("INSERT INTO journal_slot (body) VALUES (?1)")
                .Bind(1, StoredBody.Pad(message.Body, StoredBody.RoomFor(message.Body.Length)))
                .Run();
            slot = raw.sqlite3_last_insert_rowid(session.Connection.Handle!);
        }
        session
            .Prepare(
                "INSERT INTO journal_message (channel, message_seq, deleted, slot) VALUES (?1, ?2, ?3, ?4) "
                    + "ON CONFLICT DO UPDATE SET deleted = excluded.deleted, slot = excluded.slot"
            )
            .Bind(1, channel)
            .Bind(2, message.MessageSeq)
            .Bind(3, message.Deleted ? 1 : 0)
            .Bind(4, slot)
            .Run();
    }

    private bool TryRewrite(long channel, EventRewrite rewrite)
    {
        session
            .Prepare(
                "INSERT INTO journal_rewrite (channel, seq, body) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = excluded.body"
            )
            .Bind(1, channel)
            .Bind(2, rewrite.SequenceNr)
            .Bind(3, rewrite.Body.Span)
            .Run();
        return session
                .Prepare("UPDATE journal SET body = zeroblob(length(body)) WHERE channel = ?1 AND seq = ?2")
                .Bind(1, channel)
                .Bind(2, rewrite.SequenceNr)
                .Run() == 1;
    }
}
