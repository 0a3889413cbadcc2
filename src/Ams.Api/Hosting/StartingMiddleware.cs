using Ams.Api.Auth;
using Ams.Api.Errors;

namespace Ams.Api.Hosting;

/// <summary>Between the moment at which the node listens and the one at which its store is open, whatever needs the store is 503.</summary>
internal sealed class StartingMiddleware(RequestDelegate next, NodeState node)
{
    /// <summary>Runs after routing, before admission.</summary>
    public Task InvokeAsync(HttpContext http) =>
        node.Judge() is { } refusal && http.GetEndpoint()?.Metadata.GetMetadata<Need>() is not null
            ? ProblemWriter.WriteAsync(http, refusal)
            : next(http);
}
