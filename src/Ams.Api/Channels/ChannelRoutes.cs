using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Channels;

/// <summary>The channels of a workspace, directs included.</summary>
internal static class ChannelRoutes
{
    private const string One = "/v1/channels/{id}";

    private static readonly (string, ChannelVisibility)[] Visibilities =
    [
        ("workspace", ChannelVisibility.Workspace),
        ("private", ChannelVisibility.Private),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Post("/v1/channels", CreateAsync).Needs(Scopes.ChannelsWrite);
        routes.Get("/v1/channels", ListAsync).Needs(Scopes.ChannelsRead);
        routes.Get(One, GetAsync).Needs(Scopes.ChannelsRead);
        routes.Change(One, UpdateAsync).Needs(Scopes.ChannelsWrite);
        routes.Delete(One, ArchiveAsync).Needs(Scopes.ChannelsWrite);
        routes.Post(One + "/unarchive", UnarchiveAsync).Needs(Scopes.ChannelsWrite);
        routes.Post("/v1/direct", OpenDirectAsync).Needs(Scopes.ChannelsWrite);
    }

    private static async ValueTask<Refusal?> CreateAsync(HttpContext http)
    {
        var bound = await JsonRequest.BindAsync(
            http,
            r => new NewChannel(
                r.RequiredText("name"),
                r.Text("topic"),
                r.OneOf("visibility", required: false, Visibilities) ?? ChannelVisibility.Workspace,
                r.Texts("members", Limits.InitialMembersMax),
                r.Whole("max_hops", 1, Limits.MaxHopsMax)
            )
        );
        if (!bound.TryGet(out var wanted, out var refusal))
            return refusal;
        var created = await http.Service<IChannels>().CreateAsync(http.Caller(), wanted, http.RequestAborted);
        return await AnswerAsync(http, StatusCodes.Status201Created, created);
    }

    private static async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        var query = new QueryReader(http);
        var (name, archived, limit, cursor) = (query.Text("name"), query.Flag("archived"), query.Limit(), query.Text("cursor"));
        if (query.Refusal is { } invalid)
            return invalid;
        var listed = await http.Service<IChannels>().ListAsync(http.Caller(), name, archived, limit, cursor, http.RequestAborted);
        if (!listed.TryGet(out var page, out var refusal))
            return refusal;
        var views = await http.Service<ChannelViews>().ComposeAsync(page.Items, http.RequestAborted);
        return await Answers.OkAsync(http, new Page<ChannelView>(views, page.Next), Answers.Records.PageChannelView);
    }

    private static async ValueTask<Refusal?> GetAsync(HttpContext http) =>
        await AnswerAsync(
            http,
            StatusCodes.Status200OK,
            await http.Service<IChannels>().GetAsync(http.Caller(), http.Route("id"), http.RequestAborted)
        );

    private static async ValueTask<Refusal?> UpdateAsync(HttpContext http)
    {
        if (await JudgeManageAsync(http) is { } notAllowed)
            return notAllowed;
        var bound = await JsonRequest.BindAsync(
            http,
            r => new ChannelChange(r.Text("name"), r.Text("topic"), r.Whole("max_hops", 1, Limits.MaxHopsMax))
        );
        if (!bound.TryGet(out var change, out var refusal))
            return refusal;
        var updated = await http.Service<IChannels>().UpdateAsync(http.Caller(), http.Route("id"), change, http.RequestAborted);
        return await AnswerAsync(http, StatusCodes.Status200OK, updated);
    }

    private static async ValueTask<Refusal?> ArchiveAsync(HttpContext http) =>
        await Answers.NoContentAsync(
            http,
            await http.Service<IChannels>().SetArchivedAsync(http.Caller(), http.Route("id"), archived: true, http.RequestAborted)
        );

    private static async ValueTask<Refusal?> UnarchiveAsync(HttpContext http)
    {
        if (await JudgeManageAsync(http) is { } notAllowed)
            return notAllowed;
        if (await JsonRequest.JudgeEmptyAsync(http) is { } invalid)
            return invalid;
        var channels = http.Service<IChannels>();
        var unarchived = await channels.SetArchivedAsync(http.Caller(), http.Route("id"), archived: false, http.RequestAborted);
        return await AnswerAsync(http, StatusCodes.Status200OK, unarchived);
    }

    private static async ValueTask<Refusal?> OpenDirectAsync(HttpContext http)
    {
        var bound = await JsonRequest.BindAsync(
            http,
            r => r.Texts("principals", Limits.DirectPrincipalsMax, required: true) ?? []
        );
        if (!bound.TryGet(out var principals, out var refusal))
            return refusal;
        var opened = await http.Service<IChannels>().OpenDirectAsync(http.Caller(), principals, http.RequestAborted);
        if (!opened.TryGet(out var direct, out refusal))
            return refusal;
        return await AnswerAsync(http, direct.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, direct.Channel);
    }

    /// <summary>404 and 403 before the body is looked at.</summary>
    private static async ValueTask<Refusal?> JudgeManageAsync(HttpContext http)
    {
        var found = await http.Service<IChannels>().GetAsync(http.Caller(), http.Route("id"), http.RequestAborted);
        return found.TryGet(out var channel, out var refusal) ? Permissions.ManageChannel(http.Caller(), channel) : refusal;
    }

    private static async ValueTask<Refusal?> AnswerAsync(HttpContext http, int status, Outcome<ChannelRecord> outcome)
    {
        if (!outcome.TryGet(out var channel, out var refusal))
            return refusal;
        var view = await http.Service<ChannelViews>().ComposeAsync(channel, http.RequestAborted);
        if (status == StatusCodes.Status201Created)
            http.Response.Headers.Location = $"/v1/channels/{channel.Id}";
        await Answers.WriteNamedAsync(http, status, "channel", view, Answers.Records.ChannelView);
        return null;
    }
}
