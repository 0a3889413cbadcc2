using Ams.Actors.Storage.Sqlite;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>How bodies stand in the tables: as they are; or blanked, with the real one in <c>journal_rewrite</c>; or padded with spaces in a slot.</summary>
internal static class StoredBody
{
    /// <summary>The size of a slot: the body, and room for a few reactions.</summary>
    public static int RoomFor(int bodyBytes) => (bodyBytes + bodyBytes / 4 + 127) / 64 * 64;

    /// <summary>The body, filled up with spaces to the size of its slot.</summary>
    public static ReadOnlySpan<byte> Pad(ReadOnlyMemory<byte> body, int bytes)
    {
        var padded = new byte[bytes];
        body.Span.CopyTo(padded);
        padded.AsSpan(body.Length).Fill((byte)' ');
        return padded;
    }

    /// <summary>A slot's body without what fills it up. JSON ends in no space.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> slot) => slot.TrimEnd((byte)' ');

    /// <summary>True when the bytes of the event were erased. JSON begins with no zero.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> body) => body.Length > 0 && body[0] == 0;

    /// <summary>The event's body as it now is.</summary>
    /// <param name="body">As it stands in <c>journal</c>.</param>
    public static byte[] OfEvent(SqliteSession session, long channel, long seq, ReadOnlySpan<byte> body) =>
        IsBlank(body) ? Rewritten(session, channel, seq) : body.ToArray();

    /// <summary>The bytes that stand in for erased ones.</summary>
    public static byte[] Rewritten(SqliteSession session, long channel, long seq)
    {
        var find = session
            .Prepare("SELECT body FROM journal_rewrite WHERE channel = ?1 AND seq = ?2")
            .Bind(1, channel)
            .Bind(2, seq);
        if (!find.Step())
            throw new StoreUnavailableException(
                $"Event {seq} of a log was erased, but what stands in for it is missing: the database is damaged."
            );
        var body = find.Blob(0).ToArray();
        find.Reset();
        return body;
    }
}
