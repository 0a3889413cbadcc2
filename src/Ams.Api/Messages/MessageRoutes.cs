using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Messages;

/// <summary>Messages as they now stand, and the way from a time to a number (protocol, sections 5 and 7).</summary>
/// <remarks>In a page <c>next_after</c> goes on with what is newer, <c>next_before</c> (omitted at the log's beginning) with what is older, and
/// <c>has_more</c> tells whether there is more in the direction that was asked for: forward with <c>after</c>, else backward.</remarks>
internal sealed class MessageRoutes(IChannels channels, IReadJournal journal)
{
    private const string Channel = "/v1/channels/{id}";

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var messages = ActivatorUtilities.CreateInstance<MessageRoutes>(routes.ServiceProvider);
        routes.Get(Channel + "/messages", messages.ListAsync).Needs(Scopes.MessagesRead);
        routes.Get(Channel + "/messages/{seq}", messages.GetAsync).Needs(Scopes.MessagesRead);
        routes.Get(Channel + "/seq", messages.SeqAtAsync).Needs(Scopes.MessagesRead);
    }

    private async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        var query = new QueryReader(http);
        var wanted = new MessageQuery(
            query.Seq("after"),
            query.Seq("before"),
            query.Limit(),
            query.Whole("thread", 1, long.MaxValue)
        );
        var logId = query.Text("log_id");
        if (wanted is { After: not null, Before: not null })
            query.Fail("before", "Give after or before, not both.");
        if (query.Refusal is { } invalid)
            return invalid;
        // The head first: what is committed in between is then in the page or after its next_after, never passed over.
        var log = await journal.HeadAsync(place.Id, http.RequestAborted);
        if (LogPosition.Judge(log, wanted.After, logId) is { } elsewhere)
            return elsewhere;
        var page = await journal.ReadMessagesAsync(place.Id, wanted, http.RequestAborted);
        await WriteAsync(http, log, wanted, page);
        return null;
    }

    private async ValueTask<Refusal?> GetAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        if (
            MessageSeq.Read(http) is not { } seq
            || await journal.ReadMessageAsync(place.Id, seq, http.RequestAborted) is not { } message
        )
            return Refusal.NotFound("message");
        await Answers.WriteAsync(http, StatusCodes.Status200OK, message.Body);
        return null;
    }

    private async ValueTask<Refusal?> SeqAtAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        var query = new QueryReader(http);
        var at = query.Time("at");
        if (at is null)
            query.Fail("at", "Give an RFC 3339 time, such as 2026-11-22T08:00:00.123Z.");
        if (query.Refusal is { } invalid)
            return invalid;
        var seq = await journal.SeqAtAsync(place.Id, at!.Value, http.RequestAborted);
        await Answers.WriteAsync(
            http,
            StatusCodes.Status200OK,
            System.Text.Encoding.ASCII.GetBytes($$"""{"channel_seq":{{seq}}}""")
        );
        return null;
    }

    private static async ValueTask WriteAsync(HttpContext http, LogHead log, MessageQuery wanted, MessagePage page)
    {
        var answer = new SplicedAnswer(http, StatusCodes.Status200OK);
        foreach (var message in page.Items)
            await answer.AddItemAsync(message.Body);
        answer.EndItems();
        var last = page.Items.Count > 0 ? page.Items[^1].MessageSeq : 0;
        var head = Math.Max(log.Head, last);
        answer.Json.WriteNumber("head_seq"u8, head);
        answer.Json.WriteNumber("first_available_seq"u8, log.FirstAvailable);
        answer.Json.WriteString("log_id"u8, log.LogId);
        answer.Json.WriteNumber("next_after"u8, NextAfter(wanted, page, head, last));
        if (NextBefore(wanted, page, log.FirstAvailable) is { } nextBefore)
            answer.Json.WriteNumber("next_before"u8, nextBefore);
        answer.Json.WriteBoolean("has_more"u8, page.HasMore);
        await answer.EndAsync();
    }

    private static long NextAfter(MessageQuery wanted, MessagePage page, long head, long last)
    {
        if (wanted.Before is { } before)
            return page.Items.Count > 0 ? last : Math.Clamp(before - 1, 0, head);
        return wanted.After is not null && page.HasMore ? last : head;
    }

    private static long? NextBefore(MessageQuery wanted, MessagePage page, long firstAvailable)
    {
        if (page.Items.Count == 0)
            return wanted.After is { } after && after >= firstAvailable ? after + 1 : null;
        var first = page.Items[0].MessageSeq;
        var isForward = wanted.After is not null;
        return (isForward ? first > firstAvailable : page.HasMore) ? first : null;
    }
}
