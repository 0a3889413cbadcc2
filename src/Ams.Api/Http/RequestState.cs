using Ams.ControlPlane.Access;

namespace Ams.Api.Http;

/// <summary>What the pipeline knows about the request that is being served. Set before anything else runs.</summary>
internal sealed class RequestState(string requestId)
{
    /// <summary>The caller's <c>X-Request-Id</c>, or a new one.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>Who asks; null on routes that need no token.</summary>
    public Caller? Caller { get; set; }

    /// <summary>When a refused request may be repeated; null: in a second.</summary>
    public TimeSpan? RetryAfter { get; set; }
}

/// <summary>The request's state, from its context.</summary>
internal static class RequestStateExtensions
{
    /// <summary>The state of this request.</summary>
    public static RequestState State(this HttpContext http) =>
        http.Features.Get<RequestState>()
        ?? throw new InvalidOperationException("The request has not passed RequestIdMiddleware.");

    /// <summary>The id that the answer bears as <c>X-Request-Id</c>.</summary>
    public static string RequestId(this HttpContext http) => http.State().RequestId;

    /// <summary>Who asks. Only on routes that declared what they need (<c>Needs</c>, <c>NeedsToken</c>).</summary>
    /// <exception cref="InvalidOperationException">The route needs no token: a bug.</exception>
    public static Caller Caller(this HttpContext http) =>
        http.State().Caller ?? throw new InvalidOperationException("The route did not declare that it needs a token.");
}
