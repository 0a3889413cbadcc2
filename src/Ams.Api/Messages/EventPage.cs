using Ams.Actors.Query;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>One page of a log.</summary>
internal static class EventPage
{
    private const int PageBytesMax = 4 * 1024 * 1024;

    /// <summary>Reads a page and answers with it, or tells why not.</summary>
    public static async ValueTask<Refusal?> WriteAsync(
        HttpContext http,
        string channelId,
        EventQuery wanted,
        IReadJournal journal
    )
    {
        var read = await ReadAsync(http, channelId, wanted, journal);
        if (read.TryGet(out var page, out var refusal))
            await WriteAsync(http, wanted.After, page);
        return refusal;
    }

    /// <summary>Reads a page: up to the limit, or about 4 MiB, whichever comes first.</summary>
    public static async ValueTask<Outcome<(LogHead Log, EventSlice Events)>> ReadAsync(
        HttpContext http,
        string channelId,
        EventQuery wanted,
        IReadJournal journal
    )
    {
        var log = await journal.HeadAsync(channelId, http.RequestAborted);
        if (LogPosition.Judge(log, wanted.After, wanted.LogId) is { } elsewhere)
            return elsewhere;
        return (log, await journal.ReadAsync(channelId, wanted.After, wanted.Limit, PageBytesMax, http.RequestAborted));
    }

    /// <summary>Answers with a page.</summary>
    public static async ValueTask WriteAsync(HttpContext http, long after, (LogHead Log, EventSlice Events) page)
    {
        var (log, events) = page;
        var answer = new SplicedAnswer(http, StatusCodes.Status200OK);
        for (var i = 0; i < events.Count; i++)
            await answer.AddItemAsync(events.Body(i));
        answer.EndItems();
        var nextAfter = events.Count > 0 ? events.LastSeq : after;
        var head = Math.Max(log.Head, nextAfter);
        answer.Json.WriteNumber("head_seq"u8, head);
        answer.Json.WriteNumber("first_available_seq"u8, log.FirstAvailable);
        answer.Json.WriteString("log_id"u8, log.LogId);
        answer.Json.WriteNumber("next_after"u8, nextAfter);
        answer.Json.WriteBoolean("has_more"u8, nextAfter < head);
        await answer.EndAsync();
    }
}
