using System.Security.Cryptography;

namespace Ams.Api.Http;

/// <summary>Gives every request an id and every response the headers that all of them bear (protocol, section 2).</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    private const int LengthMax = 128;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Runs first.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var sent = http.Request.Headers["X-Request-Id"];
        var requestId = sent.Count == 1 && IsUsable(sent[0]) ? sent[0]! : "req_" + RandomNumberGenerator.GetString(Alphabet, 24);
        http.Features.Set(new RequestState(requestId));
        var headers = http.Response.Headers;
        headers["X-Request-Id"] = requestId;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        // Answers of the API may hold secrets and are never a document; a page sets its own policy over these.
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        return next(http);
    }

    private static bool IsUsable(string? id) =>
        id is { Length: >= 1 and <= LengthMax } && !id.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e');
}
