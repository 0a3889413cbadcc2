using Ams.Actors.Storage.Postgres;
using Npgsql;

namespace Ams.Actors.Query;

/// <summary>Messages as they now stand. A page costs by its messages, not by what lies between them: an index holds the messages alone.</summary>
internal static class PostgresMessagePages
{
    private const string Select =
        "SELECT j.seq, coalesce(m.body, j.body) AS body FROM journal j "
        + "LEFT JOIN journal_message m ON m.channel = j.channel AND m.message_seq = j.seq "
        + "WHERE j.channel = (SELECT channel FROM journal_channel WHERE channel_id = $1) AND j.message_seq = j.seq AND ";

    public static async Task<MessagePage> ReadAsync(
        NpgsqlConnection connection,
        string persistenceId,
        MessageQuery query,
        CancellationToken ct
    )
    {
        var ascending = query.After is not null;
        var from = query.After ?? query.Before ?? long.MaxValue;
        var (side, order) = ascending ? ("j.seq > $2", "") : ("j.seq < $2", " DESC");
        var sql = query.Thread is null
            ? $"{Select}{side} ORDER BY j.seq{order} LIMIT $3"
            // The thread's first message is no reply itself.
            : $"SELECT * FROM (({Select}{side} AND j.thread = $4 ORDER BY j.seq{order} LIMIT $3) "
                + $"UNION ALL ({Select}{side} AND j.seq = $4)) t ORDER BY t.seq{order} LIMIT $3";
        await using var find = connection.Command(sql, persistenceId, from, (long)query.Limit + 1);
        if (query.Thread is { } root)
            find.Parameters.Add(new NpgsqlParameter { Value = root });
        var items = new List<StoredMessage>(Math.Min(query.Limit + 1, 128));
        await using (var row = await find.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
                items.Add(Message(row));
        }
        var hasMore = items.Count > query.Limit;
        if (hasMore)
            items.RemoveAt(query.Limit);
        if (!ascending)
            items.Reverse();
        return new MessagePage(items, hasMore);
    }

    public static async Task<StoredMessage?> ReadOneAsync(
        NpgsqlConnection connection,
        string persistenceId,
        long seq,
        CancellationToken ct
    )
    {
        await using var find = connection.Command(Select + "j.seq = $2", persistenceId, seq);
        await using var row = await find.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? Message(row) : null;
    }

    private static StoredMessage Message(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1));
}
