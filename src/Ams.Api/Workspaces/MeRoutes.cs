using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Workspaces;

namespace Ams.Api.Workspaces;

/// <summary>Who am I, where, and what may this token do.</summary>
internal static class MeRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Get("/v1/me", GetAsync).NeedsToken();

    private static async ValueTask<Refusal?> GetAsync(HttpContext http)
    {
        var caller = http.Caller();
        var found = await http.Service<IPrincipals>().GetAsync(caller, caller.PrincipalId, http.RequestAborted);
        if (!found.TryGet(out var principal, out var refusal))
            return refusal;
        var home = await http.Service<IWorkspaces>().GetAsync(caller, http.RequestAborted);
        if (!home.TryGet(out var workspace, out refusal))
            return refusal;
        var token = new MyToken(caller.TokenId, caller.Scopes.Names(), caller.TokenName, caller.ExpiresAt);
        return await Answers.OkAsync(http, new Me(principal, workspace, token), Answers.Records.Me);
    }
}
