using Ams.Actors.Persistence.Sqlite;
using Ams.Actors.Storage.Sqlite;

namespace Ams.Actors.Query;

/// <summary>Messages as they now stand. A page costs by its messages, not by what lies between them: an index holds the messages alone.</summary>
internal static class SqliteMessagePages
{
    private const string Select =
        "SELECT j.seq, j.body, s.body FROM journal j "
        + "LEFT JOIN journal_message m ON m.channel = j.channel AND m.message_seq = j.seq "
        + "LEFT JOIN journal_slot s ON s.slot = m.slot WHERE j.channel = ?1 AND ";

    // The thread's first message has the lowest number of it, and is no reply itself.
    private const string All = "j.message_seq = j.seq AND ";
    private const string Replies = "j.thread = ?4 AND j.message_seq = j.seq AND ";

    public static MessagePage Read(SqliteSession session, long channel, MessageQuery query)
    {
        var ascending = query.After is not null;
        var from = query.After ?? query.Before ?? long.MaxValue;
        var wanted = query.Limit + 1;
        var items = new List<StoredMessage>(Math.Min(wanted, 128));
        if (ascending && query.Thread is { } root && root > from)
            Add(items, ReadOne(session, channel, root));
        Collect(session, channel, query.Thread, ascending, from, wanted - items.Count, items);
        if (!ascending && query.Thread is { } first && first < from && items.Count < wanted)
            Add(items, ReadOne(session, channel, first));
        var hasMore = items.Count > query.Limit;
        if (hasMore)
            items.RemoveAt(query.Limit);
        if (!ascending)
            items.Reverse();
        return new MessagePage(items, hasMore);
    }

    public static StoredMessage? ReadOne(SqliteSession session, long channel, long seq)
    {
        var find = session.Prepare(Select + All + "j.seq = ?2").Bind(1, channel).Bind(2, seq);
        if (!find.Step())
            return null;
        var message = Message(find);
        find.Reset();
        return message;
    }

    private static void Collect(
        SqliteSession session,
        long channel,
        long? thread,
        bool ascending,
        long from,
        int count,
        List<StoredMessage> items
    )
    {
        if (count <= 0)
            return;
        var find = session.Prepare(
            Select
                + (thread is null ? All : Replies)
                + (ascending ? "j.seq > ?2 ORDER BY j.seq LIMIT ?3" : "j.seq < ?2 ORDER BY j.seq DESC LIMIT ?3")
        );
        find.Bind(1, channel).Bind(2, from).Bind(3, count);
        if (thread is { } seq)
            find.Bind(4, seq);
        while (find.Step())
            items.Add(Message(find));
    }

    private static void Add(List<StoredMessage> items, StoredMessage? message)
    {
        if (message is { } found)
            items.Add(found);
    }

    private static StoredMessage Message(SqliteStatement row) =>
        new(row.Int64(0), row.IsNull(2) ? row.Blob(1).ToArray() : StoredBody.Trim(row.Blob(2)).ToArray());
}
