using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Tokens;

namespace Ams.Api.Tokens;

/// <summary>The tokens of a member: one's own, or as an admin anybody's. The secret is in the answer that creates it, and nowhere else.</summary>
internal static class TokenRoutes
{
    private const string OfMember = "/v1/members/{id}/tokens";
    private const int OverlapSecondsDefault = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Post(OfMember, MintAsync).Needs(Scopes.TokensWrite);
        routes.Get(OfMember, ListAsync).Needs(Scopes.TokensWrite);
        routes.Delete("/v1/tokens/{id}", RevokeAsync).Needs(Scopes.TokensWrite);
        routes.Post("/v1/tokens/{id}/rotate", RotateAsync).Needs(Scopes.TokensWrite);
    }

    private static async ValueTask<Refusal?> MintAsync(HttpContext http)
    {
        if (await JudgeAsync(http) is { } notAllowed)
            return notAllowed;
        var bound = await JsonRequest.BindAsync(
            http,
            r => (Name: r.Text("name"), Scopes: r.Texts("scopes", JsonRequest.ScopesMax), ExpiresAt: r.Time("expires_at")),
            optional: true
        );
        if (!bound.TryGet(out var wanted, out var refusal))
            return refusal;
        var minted = await http.Service<ITokens>()
            .MintAsync(http.Caller(), http.Route("id"), wanted.Name, wanted.Scopes, wanted.ExpiresAt, http.RequestAborted);
        return await Answers.CreatedNamedAsync(http, "token", minted, PlaceOf, Answers.Records.TokenView);
    }

    private static async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        if (await JudgeAsync(http) is { } notAllowed)
            return notAllowed;
        var query = new QueryReader(http);
        var (limit, cursor) = (query.Limit(), query.Text("cursor"));
        if (query.Refusal is { } invalid)
            return invalid;
        var page = await http.Service<ITokens>().ListAsync(http.Caller(), http.Route("id"), limit, cursor, http.RequestAborted);
        return await Answers.OkAsync(http, page, Answers.Records.PageTokenView);
    }

    private static async ValueTask<Refusal?> RevokeAsync(HttpContext http) =>
        await Answers.NoContentAsync(
            http,
            await http.Service<ITokens>().RevokeAsync(http.Caller(), http.Route("id"), http.RequestAborted)
        );

    private static async ValueTask<Refusal?> RotateAsync(HttpContext http)
    {
        var (caller, tokens, id) = (http.Caller(), http.Service<ITokens>(), http.Route("id"));
        if ((await tokens.GetAsync(caller, id, http.RequestAborted)).Refusal is { } notAllowed)
            return notAllowed;
        var bound = await JsonRequest.BindAsync(
            http,
            r => TimeSpan.FromSeconds(r.Whole("overlap_seconds", 0, Limits.RotationOverlapSecondsMax) ?? OverlapSecondsDefault),
            optional: true
        );
        if (!bound.TryGet(out var overlap, out var refusal))
            return refusal;
        var rotated = await tokens.RotateAsync(caller, id, overlap, http.RequestAborted);
        return await Answers.CreatedNamedAsync(http, "token", rotated, PlaceOf, Answers.Records.TokenView);
    }

    /// <summary>404 and 403 before the body is looked at.</summary>
    private static async ValueTask<Refusal?> JudgeAsync(HttpContext http)
    {
        var member = await http.Service<IPrincipals>().GetAsync(http.Caller(), http.Route("id"), http.RequestAborted);
        return member.TryGet(out var whose, out var refusal)
            ? Permissions.TouchTokens(http.Caller(), whose.Id, whose.Role)
            : refusal;
    }

    private static string PlaceOf(TokenView token) => $"/v1/tokens/{token.Id}";
}
