using Ams.Actors.Persistence;
using Ams.Api.Http;
using Ams.Contracts;
using Microsoft.AspNetCore.Connections;

namespace Ams.Api.Errors;

/// <summary>Makes a problem+json of whatever goes wrong or is not there.</summary>
internal sealed partial class FaultMiddleware(RequestDelegate next, ILogger<FaultMiddleware> log)
{
    /// <summary>Runs around everything but the request id.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.ContentType is null)
                await ExplainAsync(http);
        }
        catch (Exception e)
            when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or ConnectionResetException)
        {
            LogGone(log, http.RequestId());
        }
        catch (StoreUnavailableException e)
        {
            LogStore(log, e, http.RequestId());
            await ProblemWriter.WriteAsync(
                http,
                new Refusal(
                    ErrorCodes.StoreUnavailable,
                    "The store does not answer; repeat the request, with the same key, a little later."
                )
            );
        }
        catch (BadHttpRequestException e)
        {
            await ProblemWriter.WriteAsync(http, Explain(e));
        }
        catch (Exception e)
        {
            LogBug(log, e, http.RequestId());
            await WriteBugAsync(http);
        }
    }

    /// <summary>Routing answers 404 and 405 with a bare status.</summary>
    private static Task ExplainAsync(HttpContext http) =>
        http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ProblemWriter.WriteAsync(
                http,
                new Refusal(ErrorCodes.NotFound, "There is nothing at this path; see /docs for the paths there are.")
            ),
            StatusCodes.Status405MethodNotAllowed => ProblemWriter.WriteAsync(
                http,
                new Refusal(
                    ErrorCodes.MethodNotAllowed,
                    $"This path does not take {http.Request.Method}; `Allow` lists what it takes."
                )
            ),
            _ => Task.CompletedTask,
        };

    private static Refusal Explain(BadHttpRequestException e) =>
        e.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => new Refusal(
                ErrorCodes.BodyTooLarge,
                "The body is too large; send less at once."
            ),
            StatusCodes.Status408RequestTimeout => new Refusal(
                ErrorCodes.InvalidRequest,
                "The body came too slowly; send it again."
            ),
            _ => new Refusal(ErrorCodes.InvalidRequest, "The request is not valid HTTP; check its framing."),
        };

    /// <summary>A 500 is a bug and has no code of its own; it tells the caller nothing but where to find it in the log.</summary>
    private static async Task WriteBugAsync(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.Clear();
        http.Response.Headers["X-Request-Id"] = http.RequestId();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Response.ContentType = "application/problem+json";
        var bug = new ErrorCode("internal_error", StatusCodes.Status500InternalServerError, "Internal error");
        var detail = "The server has a bug; report it with the request_id.";
        await http.Response.BodyWriter.WriteAsync(
            ProblemWriter.Format(new Refusal(bug, detail), http.RequestId()),
            http.RequestAborted
        );
    }

    [LoggerMessage(1, LogLevel.Debug, "request {RequestId}: the client went away")]
    private static partial void LogGone(ILogger log, string requestId);

    [LoggerMessage(2, LogLevel.Warning, "request {RequestId}: the store does not answer")]
    private static partial void LogStore(ILogger log, Exception e, string requestId);

    [LoggerMessage(3, LogLevel.Error, "request {RequestId}: unhandled; this is a bug")]
    private static partial void LogBug(ILogger log, Exception e, string requestId);
}
