using Ams.Actors.Channels;
using Ams.Actors.Sharding;
using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Api.RateLimits;
using Ams.Contracts;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;

namespace Ams.Api.Messages;

/// <summary>Posting, one message or a batch (protocol, section 6).</summary>
internal sealed class PostRoutes(IChannels channels, IPrincipals principals, IShardRegion region)
{
    /// <summary>Maps the routes. Their services are found once, not with every post.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var posts = ActivatorUtilities.CreateInstance<PostRoutes>(routes.ServiceProvider);
        routes.Post("/v1/channels/{id}/messages", posts.PostAsync).Needs(Scopes.MessagesWrite);
        routes.Post("/v1/channels/{id}/messages:batch", posts.PostBatchAsync).Needs(Scopes.MessagesWrite);
    }

    private async ValueTask<Refusal?> PostAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        if (!(await ReadPostAsync(http)).TryGet(out var draft, out refusal))
            return refusal;
        if (await FirstUnknownAsync(http, place, draft) is { } unknown)
            return Refusal.Invalid("mentions", Unknown(unknown));
        // Nobody stops waiting: the commit is on its way, and a caller that has gone repeats with the same key.
        var reply = await region.AskAsync(new PostMessage(place.Id, place.Author, place.Policy, draft), CancellationToken.None);
        return await ChangeAnswers.WriteEventAsync(http, place.Id, reply);
    }

    private async ValueTask<Refusal?> PostBatchAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        if (!(await ReadBatchAsync(http)).TryGet(out var drafts, out refusal))
            return refusal;
        if (http.TryTakeRate(drafts.Count - 1) is { } overRate)
            return overRate;
        for (var i = 0; i < drafts.Count; i++)
            if (await FirstUnknownAsync(http, place, drafts[i]) is { } unknown)
                return Refusal.Invalid($"messages[{i}].mentions", Unknown(unknown));
        var reply = await region.AskAsync(new PostBatch(place.Id, place.Author, place.Policy, drafts), CancellationToken.None);
        return await ChangeAnswers.WriteBatchAsync(http, reply);
    }

    private static async ValueTask<Outcome<MessageDraft>> ReadPostAsync(HttpContext http)
    {
        if (!(await RequestBody.ReadAsync(http, Limits.RequestBytesMax)).TryGet(out var body, out var refusal))
            return refusal;
        using (body)
            return DraftReader.ReadPost(body.Bytes.Span, http.Request.Headers[IdempotencyKeys.Header]);
    }

    private static async ValueTask<Outcome<IReadOnlyList<MessageDraft>>> ReadBatchAsync(HttpContext http)
    {
        if (!(await RequestBody.ReadAsync(http, Limits.BatchBytesMax)).TryGet(out var body, out var refusal))
            return refusal;
        using (body)
            return DraftReader.ReadBatch(body.Bytes.Span);
    }

    private ValueTask<string?> FirstUnknownAsync(HttpContext http, ChannelPlace place, MessageDraft draft) =>
        draft.Mentions.Count == 0
            ? ValueTask.FromResult<string?>(null)
            : principals.FirstUnknownAsync(place.Caller.WorkspaceId, draft.Mentions, http.RequestAborted);

    private static string Unknown(string id) =>
        $"There is no principal {Shown.Quoted(id)} in this workspace; mention those that there are.";
}
