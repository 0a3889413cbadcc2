using Ams.Api.Auth;
using Ams.Api.Configuration;
using Ams.Api.Hosting;
using Ams.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ams.Api.Tests.Routes;

/// <summary>What the matrix has to know about a route beyond what the route itself declares.</summary>
/// <param name="Least">The lowest role that may call it for a resource that is not its own.</param>
/// <param name="TakesBody">True: a body that is no JSON is 415 once role and visibility have been judged.</param>
public sealed record RouteCase(Role Least = Role.Member, bool TakesBody = false);

/// <summary>The routes of the server, from its endpoint list, and their cases.</summary>
public static class RouteCases
{
    /// <summary>One entry a route that needs a credential. A route without one fails <c>Every_route_has_a_case</c>.</summary>
    public static readonly IReadOnlyDictionary<string, RouteCase> All = new Dictionary<string, RouteCase>(StringComparer.Ordinal)
    {
        ["POST /v1/workspaces"] = new(TakesBody: true),
        ["POST /v1/workspaces/{slug}/recover"] = new(TakesBody: true),
        ["GET /v1/workspace"] = new(),
        ["PATCH /v1/workspace"] = new(Role.Owner, TakesBody: true),
        ["DELETE /v1/workspace"] = new(Role.Owner),
        ["GET /v1/me"] = new(),
        ["POST /v1/members"] = new(Role.Admin, TakesBody: true),
        ["GET /v1/members"] = new(),
        ["GET /v1/members/{id}"] = new(),
        ["PATCH /v1/members/{id}"] = new(Role.Admin, TakesBody: true),
        ["DELETE /v1/members/{id}"] = new(Role.Admin),
        ["POST /v1/members/{id}/tokens"] = new(Role.Admin, TakesBody: true),
        ["GET /v1/members/{id}/tokens"] = new(Role.Admin),
        ["DELETE /v1/tokens/{id}"] = new(Role.Admin),
        ["POST /v1/tokens/{id}/rotate"] = new(Role.Admin, TakesBody: true),
        ["POST /v1/channels"] = new(TakesBody: true),
        ["GET /v1/channels"] = new(),
        ["GET /v1/channels/{id}"] = new(),
        ["PATCH /v1/channels/{id}"] = new(Role.Admin, TakesBody: true),
        ["DELETE /v1/channels/{id}"] = new(Role.Admin),
        ["POST /v1/channels/{id}/unarchive"] = new(Role.Admin, TakesBody: true),
        ["GET /v1/channels/{id}/members"] = new(),
        ["PUT /v1/channels/{id}/members/{principal_id}"] = new(Role.Admin, TakesBody: true),
        ["DELETE /v1/channels/{id}/members/{principal_id}"] = new(Role.Admin),
        ["POST /v1/channels/{id}/messages"] = new(TakesBody: true),
        ["POST /v1/channels/{id}/messages:batch"] = new(TakesBody: true),
        ["GET /v1/channels/{id}/messages"] = new(),
        ["GET /v1/channels/{id}/messages/{seq}"] = new(),
        ["PATCH /v1/channels/{id}/messages/{seq}"] = new(TakesBody: true),
        ["DELETE /v1/channels/{id}/messages/{seq}"] = new(),
        ["PUT /v1/channels/{id}/messages/{seq}/reactions/{emoji}"] = new(),
        ["DELETE /v1/channels/{id}/messages/{seq}/reactions/{emoji}"] = new(),
        ["GET /v1/channels/{id}/events"] = new(),
        ["GET /v1/channels/{id}/seq"] = new(),
        ["POST /v1/direct"] = new(TakesBody: true),
        ["GET /v1/audit"] = new(Role.Admin),
        ["GET /parties/channel-room/{channel_id}"] = new(),
        ["GET /v1/feed"] = new(),
    };

    /// <summary>Every route of the server that needs a credential, with what it needs.</summary>
    internal static readonly IReadOnlyDictionary<string, Need> Routes = ReadRoutes();

    /// <summary>Routes whose path names a resource of a workspace.</summary>
    internal static bool NamesAResource(string route) => route.Contains("{id}", StringComparison.Ordinal) || NamesAChannel(route);

    /// <summary>Routes whose path names a channel.</summary>
    internal static bool NamesAChannel(string route) =>
        route.Contains("/v1/channels/{id}", StringComparison.Ordinal) || route.Contains("{channel_id}", StringComparison.Ordinal);

    private static Dictionary<string, Need> ReadRoutes()
    {
        // xunit asks for a theory's data before any fixture is there, and without waiting.
        var directory = Directory.CreateTempSubdirectory("ams-routes-");
        var environment = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        var settings = SettingsLoader.Load(environment, directory.FullName, isBuildOutput: false);
        var app = AmsApp.OpenAsync(settings).GetAwaiter().GetResult();
        var routes =
            from source in ((IEndpointRouteBuilder)app).DataSources
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            let need = endpoint.Metadata.GetMetadata<Need>()
            where need is not null
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            select (Key: $"{method} {endpoint.RoutePattern.RawText}", need);
        var found = routes.ToDictionary(route => route.Key, route => route.need, StringComparer.Ordinal);
        app.Services.GetRequiredService<Node>().StopAsync(app).GetAwaiter().GetResult();
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        directory.Delete(recursive: true);
        return found;
    }
}
