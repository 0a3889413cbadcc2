using System.Buffers;
using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>All of a log up to its head at the time of asking, an event a line. A fault on the way aborts the response, so a whole one is complete.</summary>
internal static class EventLines
{
    /// <summary>Streams at the reader's pace, or tells why not.</summary>
    public static async ValueTask<Refusal?> WriteAsync(
        HttpContext http,
        string channelId,
        EventQuery wanted,
        IReadJournal journal,
        Func<Action?, AccessLease> watch
    )
    {
        var ct = http.RequestAborted;
        var log = await journal.HeadAsync(channelId, ct);
        if (LogPosition.Judge(log, wanted.After, wanted.LogId) is { } elsewhere)
            return elsewhere;
        using var lease = watch(null);
        http.Response.ContentType = "application/x-ndjson";
        await foreach (var events in journal.CurrentEventsByPersistenceId(channelId, wanted.After, log.Head, ct))
        {
            // A refusal after the first line aborts the response, as any other fault does.
            if (lease.InDoubt && await lease.JudgeAsync(ct) is { } lost)
                return lost;
            for (var i = 0; i < events.Count; i++)
            {
                http.Response.BodyWriter.Write(events.Body(i).Span);
                http.Response.BodyWriter.Write("\n"u8);
            }

            await http.Response.BodyWriter.FlushAsync(ct);
        }

        return null;
    }
}
