using Ams.Contracts;

namespace Ams.Api.Auth;

/// <summary>The credential of a request. It comes from the header only: never from a URL, never from a cookie.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>What the <c>Authorization</c> header carries, null without one, or <c>malformed_token</c> when it is doubled or of another scheme.</summary>
    public static Outcome<string?> Read(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 0)
            return (string?)null;
        if (header.Count == 1 && header[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return value[Scheme.Length..].Trim(' ');
        return new Refusal(ErrorCodes.MalformedToken, "Send one header `Authorization: Bearer wat_…`.");
    }
}
