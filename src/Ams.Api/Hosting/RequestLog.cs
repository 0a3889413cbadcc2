using Ams.Api.Configuration;
using Ams.Api.Http;

namespace Ams.Api.Hosting;

/// <summary>One line a request, when it is asked for: the route's pattern in place of the path, and never a query string.</summary>
internal sealed partial class RequestLogMiddleware(
    RequestDelegate next,
    AmsSettings settings,
    TimeProvider time,
    ILogger<RequestLogMiddleware> log
)
{
    /// <summary>Runs around everything that answers.</summary>
    public Task InvokeAsync(HttpContext http) => settings.Log.Requests ? LoggedAsync(http) : next(http);

    private async Task LoggedAsync(HttpContext http)
    {
        var begin = time.GetTimestamp();
        await next(http);
        var pattern = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        var milliseconds = Math.Round(time.GetElapsedTime(begin).TotalMilliseconds, 1);
        LogRequest(log, http.Request.Method, pattern, http.Response.StatusCode, milliseconds, http.RequestId());
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} {DurationMs} ms, request {RequestId}")]
    private static partial void LogRequest(
        ILogger log,
        string method,
        string route,
        int status,
        double durationMs,
        string requestId
    );
}
