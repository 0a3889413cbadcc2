using System.Text;
using Ams.Api.Auth;
using Ams.Api.Tests.Specs;
using Ams.Contracts;

namespace Ams.Api.Tests.Routes;

/// <summary>Route × role × scope × foreign workspace, over every route that the server has (protocol, section 3).</summary>
public sealed class RouteMatrixTests(AmsServer server) : IClassFixture<AmsServer>
{
    public static TheoryData<string> TokenRoutes => Select((_, need) => need.Kind != NeedKind.PlatformKey);

    public static TheoryData<string> ScopedRoutes =>
        Select((_, need) => need.Kind != NeedKind.PlatformKey && need.Scope != Scopes.None);

    public static TheoryData<string> PlatformRoutes => Select((_, need) => need.Kind == NeedKind.PlatformKey);

    public static TheoryData<string> ResourceRoutes =>
        Select((route, need) => need.Kind != NeedKind.PlatformKey && RouteCases.NamesAResource(route));

    public static TheoryData<string> ChannelRoutes => Select((route, _) => RouteCases.NamesAChannel(route));

    public static TheoryData<string> RoleRoutes =>
        Select((route, need) => need.Kind == NeedKind.Token && RouteCases.All.GetValueOrDefault(route)?.Least > Role.Member);

    public static TheoryData<string> BodyRoutes =>
        Select((route, need) => need.Kind == NeedKind.Token && RouteCases.All.GetValueOrDefault(route)?.TakesBody == true);

    [Fact]
    public void Every_route_has_a_case_and_every_case_a_route() =>
        RouteCases.Routes.Keys.Order(StringComparer.Ordinal).ShouldBe(RouteCases.All.Keys.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(TokenRoutes))]
    public async Task Without_a_token_it_is_401(string route)
    {
        using var response = await SendAsync(route, token: null, await NewPlaceAsync());

        await ShouldBeProblemAsync(response, 401, "missing_token");
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory, MemberData(nameof(PlatformRoutes))]
    public async Task Without_the_platform_key_it_is_401(string route)
    {
        using var response = await SendAsync(route, token: null, await NewPlaceAsync());

        await ShouldBeProblemAsync(response, 401, "wrong_platform_key");
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory, MemberData(nameof(ScopedRoutes))]
    public async Task Without_the_scope_it_is_403_that_names_it_whatever_else_is_wrong(string route)
    {
        var place = await NewPlaceAsync();
        var scope = RouteCases.Routes[route].Scope;
        var others = (ScopeNames.Of(Role.Admin) & ~scope).Names();
        var caller = await place.Workspace.AddAsync("admin", "agent", [.. others]);

        using var response = await SendAsync(
            route,
            caller.Token,
            place with
            {
                ChannelId = "chn_none",
                MemberId = "prn_none",
                TokenId = "tok_none",
            }
        );

        (await ShouldBeProblemAsync(response, 403, "scope_missing")).ShouldContain(scope.Names().Single());
    }

    [Theory, MemberData(nameof(ResourceRoutes))]
    public async Task What_belongs_to_another_workspace_is_404(string route)
    {
        var place = await NewPlaceAsync();
        var stranger = await server.CreateWorkspaceAsync();

        using var response = await SendAsync(route, stranger.OwnerToken, place);

        await ShouldBeProblemAsync(response, 404, "not_found");
    }

    [Theory, MemberData(nameof(ChannelRoutes))]
    public async Task A_private_channel_does_not_exist_for_who_is_no_member_of_it_owners_included(string route)
    {
        var place = await NewPlaceAsync();
        var member = await place.Workspace.AddAsync();
        var hidden = await place.Workspace.CreateChannelAsync(member.Token, "private");

        using var response = await SendAsync(route, place.Workspace.OwnerToken, place with { ChannelId = hidden });

        await ShouldBeProblemAsync(response, 404, "not_found");
    }

    [Theory, MemberData(nameof(RoleRoutes))]
    public async Task Every_role_below_the_least_is_403_before_the_body_is_looked_at(string route)
    {
        var place = await NewPlaceAsync();
        for (var role = Role.Member; role < RouteCases.All[route].Least; role++)
        {
            var caller = await place.Workspace.AddAsync(role == Role.Member ? "member" : "admin");

            using var response = await SendAsync(route, caller.Token, place);

            // A member's token can't even have some of the scopes.
            ((int)response.StatusCode).ShouldBe(403, $"{role}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Theory, MemberData(nameof(BodyRoutes))]
    public async Task The_least_role_gets_as_far_as_the_body(string route)
    {
        var place = await NewPlaceAsync();
        var least = RouteCases.All[route].Least;
        var token =
            least == Role.Owner
                ? place.Workspace.OwnerToken
                : (await place.Workspace.AddAsync(least == Role.Admin ? "admin" : "member")).Token;

        using var response = await SendAsync(route, token, place);

        await ShouldBeProblemAsync(response, 415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("GET /parties/channel-room/{channel_id}")]
    [InlineData("GET /v1/feed")]
    public async Task A_socket_that_may_be_opened_gets_as_far_as_the_upgrade(string route)
    {
        var place = await NewPlaceAsync();
        var reader = await place.Workspace.AddAsync("member", "agent", "messages:read");

        using var response = await SendAsync(route, reader.Token, place);

        await ShouldBeProblemAsync(response, 400, "invalid_request");
    }

    [Fact]
    public async Task Changing_somebody_else_needs_the_scope_although_changing_oneself_does_not()
    {
        var place = await NewPlaceAsync();
        var others = (ScopeNames.Of(Role.Admin) & ~Scopes.MembersWrite).Names();
        var caller = await place.Workspace.AddAsync("admin", "agent", [.. others]);

        using var somebodyElse = await SendAsync("PATCH /v1/members/{id}", caller.Token, place);
        using var oneself = await SendAsync("PATCH /v1/members/{id}", caller.Token, place with { MemberId = caller.Id });

        (await ShouldBeProblemAsync(somebodyElse, 403, "scope_missing")).ShouldContain("members:write");
        await ShouldBeProblemAsync(oneself, 415, "unsupported_media_type");
    }

    private static TheoryData<string> Select(Func<string, Need, bool> predicate) =>
        new(RouteCases.Routes.Where(route => predicate(route.Key, route.Value)).Select(route => route.Key));

    private async Task<Place> NewPlaceAsync()
    {
        var workspace = await server.CreateWorkspaceAsync();
        var member = await workspace.AddAsync();
        return new Place(workspace, member.Id, member.TokenId, await workspace.CreateChannelAsync());
    }

    /// <summary>Calls a route with a body that is wrong in every way, so that a judgement out of order shows. A socket's route is called without an
    /// upgrade, which is judged last. Whatever is answered stands in the OpenAPI document.</summary>
    private async Task<HttpResponseMessage> SendAsync(string route, string? token, Place place)
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var id =
            pattern.StartsWith("/v1/members", StringComparison.Ordinal) ? place.MemberId
            : pattern.StartsWith("/v1/tokens", StringComparison.Ordinal) ? place.TokenId
            : place.ChannelId;
        var path = pattern
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{channel_id}", place.ChannelId, StringComparison.Ordinal)
            .Replace("{principal_id}", place.MemberId, StringComparison.Ordinal)
            .Replace("{slug}", place.Workspace.Workspace.Slug, StringComparison.Ordinal)
            .Replace("{emoji}", "tada", StringComparison.Ordinal)
            .Replace("{seq}", "1", StringComparison.Ordinal);
        path.ShouldNotContain("{", customMessage: "Teach this helper the new parameter.");
        using var body = method is "GET" or "DELETE" ? null : new StringContent("no JSON", Encoding.UTF8, "text/plain");
        var response = await place.Workspace.SendAsync(new HttpMethod(method), path, token, body);
        await (await OpenApiSpec.SharedAsync(server.Http)).ShouldAllowAsync(route, response);
        return response;
    }

    private static async Task<string> ShouldBeProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        text.ShouldContain($"\"code\":\"{code}\"");
        text.ShouldContain($"\"request_id\":\"{response.Headers.GetValues("X-Request-Id").Single()}\"");
        return text;
    }

    private sealed record Place(TestWorkspace Workspace, string MemberId, string TokenId, string ChannelId);
}
