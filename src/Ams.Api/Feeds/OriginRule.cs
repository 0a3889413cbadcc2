using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>Which pages may open a socket: the server's own, and those that the operator listed (protocol, section 3). A client that is no browser
/// sends no <c>Origin</c>.</summary>
internal static class OriginRule
{
    /// <summary>The refusal for a foreign page, or null.</summary>
    public static Refusal? Judge(HttpRequest request, IReadOnlyList<string> allowed)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
            return null;
        var isKnown = origins.Count == 1 && origins[0] is { } origin && (IsOwn(origin, request) || IsListed(origin, allowed));
        return isKnown
            ? null
            : new Refusal(ErrorCodes.OriginRefused, "Pages of this origin may not connect; ask the operator to list it.");
    }

    // The host decides, not the scheme: behind a proxy that ends TLS the server sees http.
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && request.Host.HasValue
        && Uri.TryCreate($"{page.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
        && Uri.Compare(page, own, UriComponents.HostAndPort, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsListed(string origin, IReadOnlyList<string> allowed) =>
        allowed.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
