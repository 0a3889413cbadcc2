using Ams.Actors.Channels;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>Turns a channel's replies into answers; stored bytes go out as they are.</summary>
internal static class ChangeAnswers
{
    /// <summary>Set on the answer to a repeat.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>201 with the event, or 200 for a repeat.</summary>
    public static async ValueTask<Refusal?> WriteEventAsync(HttpContext http, string channelId, ChannelReply reply)
    {
        if (reply is Refused refused)
            return refused.Refusal;
        var committed = Expect<Committed>(reply);
        if (committed.Replayed)
            http.Response.Headers[ReplayedHeader] = "true";
        else
            http.Response.Headers.Location = $"/v1/channels/{channelId}/messages/{committed.ChannelSeq}";
        await Answers.WriteAsync(
            http,
            committed.Replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created,
            committed.Body
        );
        return null;
    }

    /// <summary>201 with the events of a batch, or 200 when every one was a repeat.</summary>
    public static async ValueTask<Refusal?> WriteBatchAsync(HttpContext http, ChannelReply reply)
    {
        if (reply is Refused refused)
            return refused.Refusal;
        var items = Expect<BatchCommitted>(reply).Items;
        var allReplayed = items.All(item => item.Replayed);
        if (allReplayed)
            http.Response.Headers[ReplayedHeader] = "true";
        var answer = new SplicedAnswer(http, allReplayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        for (var i = 0; i < items.Count; i++)
            await answer.AddItemAsync(items[i].Body);
        answer.EndItems();
        answer.Json.WriteStartArray("replayed"u8);
        foreach (var item in items)
            answer.Json.WriteBooleanValue(item.Replayed);
        answer.Json.WriteEndArray();
        await answer.EndAsync();
        return null;
    }

    /// <summary>200 with the message as it now stands.</summary>
    public static async ValueTask<Refusal?> WriteMessageAsync(HttpContext http, ChannelReply reply)
    {
        switch (reply)
        {
            case Refused refused:
                return refused.Refusal;
            case Unchanged unchanged:
                await Answers.WriteAsync(http, StatusCodes.Status200OK, unchanged.Body);
                return null;
            default:
                var committed = Expect<Committed>(reply);
                if (committed.Replayed)
                    http.Response.Headers[ReplayedHeader] = "true";
                await Answers.WriteAsync(http, StatusCodes.Status200OK, committed.Body);
                return null;
        }
    }

    /// <summary>204.</summary>
    public static async ValueTask<Refusal?> WriteNoContentAsync(HttpContext http, ChannelReply reply)
    {
        if (reply is Refused refused)
            return refused.Refusal;
        if (reply is not Unchanged && Expect<Committed>(reply).Replayed)
            http.Response.Headers[ReplayedHeader] = "true";
        await Answers.NoContentAsync(http);
        return null;
    }

    private static T Expect<T>(ChannelReply reply)
        where T : ChannelReply =>
        reply as T
        ?? throw new InvalidOperationException($"The channel answered {reply.GetType().Name} where {typeof(T).Name} belongs.");
}
