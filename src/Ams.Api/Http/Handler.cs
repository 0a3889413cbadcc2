using Ams.Api.Errors;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>What a route does: it answers and returns null, or it has answered nothing and returns why.</summary>
internal delegate ValueTask<Refusal?> Handler(HttpContext http);

/// <summary>Maps handlers, and what they share.</summary>
internal static class HandlerExtensions
{
    private static readonly string[] Patch = [HttpMethods.Patch];

    public static IEndpointConventionBuilder Get(this IEndpointRouteBuilder routes, string pattern, Handler handler) =>
        routes.MapGet(pattern, Answering(handler));

    public static IEndpointConventionBuilder Post(this IEndpointRouteBuilder routes, string pattern, Handler handler) =>
        routes.MapPost(pattern, Answering(handler));

    public static IEndpointConventionBuilder Put(this IEndpointRouteBuilder routes, string pattern, Handler handler) =>
        routes.MapPut(pattern, Answering(handler));

    public static IEndpointConventionBuilder Change(this IEndpointRouteBuilder routes, string pattern, Handler handler) =>
        routes.MapMethods(pattern, Patch, Answering(handler));

    public static IEndpointConventionBuilder Delete(this IEndpointRouteBuilder routes, string pattern, Handler handler) =>
        routes.MapDelete(pattern, Answering(handler));

    /// <summary>A part of the path, as the caller sent it.</summary>
    public static string Route(this HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A service of the node.</summary>
    public static T Service<T>(this HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>Answers with a problem.</summary>
    public static Task RefuseAsync(this HttpContext http, Refusal refusal) => ProblemWriter.WriteAsync(http, refusal);

    private static RequestDelegate Answering(Handler handler) =>
        async http =>
        {
            if (await handler(http) is { } refusal)
                await ProblemWriter.WriteAsync(http, refusal);
        };
}
