using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Channels;

/// <summary>Who is in a channel: joining, leaving, adding, taking out.</summary>
internal static class ChannelMemberRoutes
{
    private const string All = "/v1/channels/{id}/members";
    private const string One = All + "/{principal_id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Get(All, ListAsync).Needs(Scopes.ChannelsRead);
        routes.Put(One, AddAsync).Needs(Scopes.ChannelsWrite);
        routes.Delete(One, RemoveAsync).Needs(Scopes.ChannelsWrite);
    }

    private static async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        var (channels, id) = (http.Service<IChannels>(), http.Route("id"));
        if ((await channels.GetAsync(http.Caller(), id, http.RequestAborted)).Refusal is { } notFound)
            return notFound;
        var query = new QueryReader(http);
        var (limit, cursor) = (query.Limit(), query.Text("cursor"));
        if (query.Refusal is { } invalid)
            return invalid;
        var page = await channels.ListMembersAsync(http.Caller(), id, limit, cursor, http.RequestAborted);
        return await Answers.OkAsync(http, page, Answers.Records.PagePrincipalView);
    }

    private static async ValueTask<Refusal?> AddAsync(HttpContext http)
    {
        var (caller, channels, id, principalId) = Named(http);
        var found = await channels.GetAsync(caller, id, http.RequestAborted);
        if (!found.TryGet(out var channel, out var notFound))
            return notFound;
        if (Permissions.AddToChannel(caller, channel, principalId) is { } tooLow)
            return tooLow;
        if (await JsonRequest.JudgeEmptyAsync(http) is { } invalid)
            return invalid;
        return await Answers.NoContentAsync(http, await channels.AddMemberAsync(caller, id, principalId, http.RequestAborted));
    }

    private static async ValueTask<Refusal?> RemoveAsync(HttpContext http)
    {
        var (caller, channels, id, principalId) = Named(http);
        return await Answers.NoContentAsync(http, await channels.RemoveMemberAsync(caller, id, principalId, http.RequestAborted));
    }

    private static (Caller Caller, IChannels Channels, string Id, string PrincipalId) Named(HttpContext http) =>
        (http.Caller(), http.Service<IChannels>(), http.Route("id"), http.Route("principal_id"));
}
