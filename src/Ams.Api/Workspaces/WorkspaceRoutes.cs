using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Workspaces;

namespace Ams.Api.Workspaces;

/// <summary>The tenants: created and recovered with the platform key, read and changed with a token of theirs.</summary>
internal static class WorkspaceRoutes
{
    private const string Place = "/v1/workspace";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Post("/v1/workspaces", CreateAsync).NeedsPlatformKey();
        routes.Post("/v1/workspaces/{slug}/recover", RecoverAsync).NeedsPlatformKey();
        routes.Get(Place, GetAsync).Needs(Scopes.WorkspaceRead);
        routes.Change(Place, RenameAsync).Needs(Scopes.WorkspaceWrite);
        routes.Delete(Place, DeleteAsync).Needs(Scopes.WorkspaceWrite);
    }

    private static async ValueTask<Refusal?> CreateAsync(HttpContext http)
    {
        var bound = await JsonRequest.BindAsync(http, r => (Name: r.RequiredText("name"), Slug: r.RequiredText("slug")));
        if (!bound.TryGet(out var wanted, out var refusal))
            return refusal;
        var created = await http.Service<IWorkspaces>()
            .CreateAsync(wanted.Name, wanted.Slug, http.RequestId(), http.RequestAborted);
        return await Answers.CreatedAsync(http, created, _ => Place, Answers.Records.WorkspaceCreated);
    }

    private static async ValueTask<Refusal?> RecoverAsync(HttpContext http)
    {
        if (await JsonRequest.JudgeEmptyAsync(http) is { } refusal)
            return refusal;
        var recovered = await http.Service<IWorkspaces>()
            .RecoverOwnerAsync(http.Route("slug"), http.RequestId(), http.RequestAborted);
        return await Answers.CreatedNamedAsync(http, "owner_token", recovered, _ => Place, Answers.Records.String);
    }

    private static async ValueTask<Refusal?> GetAsync(HttpContext http)
    {
        var workspace = await http.Service<IWorkspaces>().GetAsync(http.Caller(), http.RequestAborted);
        return await Answers.OkNamedAsync(http, "workspace", workspace, Answers.Records.WorkspaceView);
    }

    private static async ValueTask<Refusal?> RenameAsync(HttpContext http)
    {
        if (Permissions.ChangeWorkspace(http.Caller()) is { } tooLow)
            return tooLow;
        var bound = await JsonRequest.BindAsync(http, r => r.RequiredText("name"));
        if (!bound.TryGet(out var name, out var refusal))
            return refusal;
        var renamed = await http.Service<IWorkspaces>().RenameAsync(http.Caller(), name, http.RequestAborted);
        return await Answers.OkNamedAsync(http, "workspace", renamed, Answers.Records.WorkspaceView);
    }

    private static async ValueTask<Refusal?> DeleteAsync(HttpContext http)
    {
        if (Permissions.ChangeWorkspace(http.Caller()) is { } tooLow)
            return tooLow;
        var query = new QueryReader(http);
        var confirm = query.Text("confirm");
        if (query.Refusal is { } invalid)
            return invalid;
        var deleted = await http.Service<IWorkspaces>().DeleteAsync(http.Caller(), confirm, http.RequestAborted);
        return await Answers.NoContentAsync(http, deleted);
    }
}
