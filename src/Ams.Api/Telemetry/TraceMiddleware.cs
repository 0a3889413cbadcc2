using System.Diagnostics;

namespace Ams.Api.Telemetry;

/// <summary>Names a request's span by OpenTelemetry's conventions: the route's pattern in place of the path, and never a query string or a header.</summary>
internal sealed class TraceMiddleware(RequestDelegate next)
{
    /// <summary>Runs after routing.</summary>
    public Task InvokeAsync(HttpContext http) =>
        Activity.Current is { IsAllDataRequested: true } span ? NameAsync(http, span) : next(http);

    private async Task NameAsync(HttpContext http, Activity span)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        try
        {
            await next(http);
        }
        finally
        {
            span.SetTag("http.response.status_code", http.Response.StatusCode);
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
                span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
