using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Principals;

namespace Ams.Api.Members;

/// <summary>The members of a workspace.</summary>
internal static class MemberRoutes
{
    private const string One = "/v1/members/{id}";

    private static readonly (string, PrincipalKind)[] Kinds =
    [
        ("human", PrincipalKind.Human),
        ("agent", PrincipalKind.Agent),
        ("service", PrincipalKind.Service),
    ];

    private static readonly (string, Role)[] Roles = [("owner", Role.Owner), ("admin", Role.Admin), ("member", Role.Member)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Post("/v1/members", CreateAsync).Needs(Scopes.MembersWrite);
        routes.Get("/v1/members", ListAsync).Needs(Scopes.MembersRead);
        routes.Get(One, GetAsync).Needs(Scopes.MembersRead);
        // Of oneself, any token may change all but the role; the rest is judged once it is known who is meant.
        routes.Change(One, UpdateAsync).NeedsToken();
        routes.Delete(One, RemoveAsync).Needs(Scopes.MembersWrite);
    }

    private static async ValueTask<Refusal?> CreateAsync(HttpContext http)
    {
        var caller = http.Caller();
        if (Permissions.AddMember(caller, Role.Member) is { } tooLow)
            return tooLow;
        var bound = await JsonRequest.BindAsync(
            http,
            r => new NewMember(
                r.RequiredText("name"),
                r.OneOf("kind", required: true, Kinds) ?? default,
                r.OneOf("role", required: true, Roles) ?? default,
                r.Texts("scopes", JsonRequest.ScopesMax),
                r.Text("description")
            )
        );
        if (!bound.TryGet(out var member, out var refusal))
            return refusal;
        var created = await http.Service<IPrincipals>().CreateAsync(caller, member, http.RequestAborted);
        return await Answers.CreatedAsync(http, created, c => $"/v1/members/{c.Member.Id}", Answers.Records.MemberCreated);
    }

    private static async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        var query = new QueryReader(http);
        var (limit, cursor) = (query.Limit(), query.Text("cursor"));
        if (query.Refusal is { } invalid)
            return invalid;
        var page = await http.Service<IPrincipals>().ListAsync(http.Caller(), limit, cursor, http.RequestAborted);
        return await Answers.OkAsync(http, page, Answers.Records.PagePrincipalView);
    }

    private static async ValueTask<Refusal?> GetAsync(HttpContext http)
    {
        var member = await http.Service<IPrincipals>().GetAsync(http.Caller(), http.Route("id"), http.RequestAborted);
        return await Answers.OkNamedAsync(http, "member", member, Answers.Records.PrincipalView);
    }

    private static async ValueTask<Refusal?> UpdateAsync(HttpContext http)
    {
        var (caller, principals, id) = (http.Caller(), http.Service<IPrincipals>(), http.Route("id"));
        if (id != caller.PrincipalId && Admission.JudgeScope(caller, Scopes.MembersWrite) is { } scopeMissing)
            return scopeMissing;
        var found = await principals.GetAsync(caller, id, http.RequestAborted);
        if (!found.TryGet(out var member, out var notFound))
            return notFound;
        if (Permissions.ChangeMember(caller, member.Id, member.Role, newRole: null) is { } tooLow)
            return tooLow;
        var bound = await JsonRequest.BindAsync(
            http,
            r => new MemberChange(r.Text("name"), r.OneOf("role", required: false, Roles), r.Text("description"))
        );
        if (!bound.TryGet(out var change, out var refusal))
            return refusal;
        var updated = await principals.UpdateAsync(caller, id, change, http.RequestAborted);
        return await Answers.OkNamedAsync(http, "member", updated, Answers.Records.PrincipalView);
    }

    private static async ValueTask<Refusal?> RemoveAsync(HttpContext http) =>
        await Answers.NoContentAsync(
            http,
            await http.Service<IPrincipals>().RemoveAsync(http.Caller(), http.Route("id"), http.RequestAborted)
        );
}
