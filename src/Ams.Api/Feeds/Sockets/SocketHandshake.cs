using System.Security.Cryptography;
using System.Text;
using Ams.Api.Auth;
using Ams.Contracts;
using Microsoft.Net.Http.Headers;

namespace Ams.Api.Feeds.Sockets;

/// <summary>The opening handshake (RFC 6455, section 4.2) as far as headers go: what the client offers and whether it can be accepted.</summary>
/// <param name="Token">From <c>Authorization</c>, else from the subprotocol <c>ams.bearer.…</c>; null when there is none; a refusal when the header is malformed.</param>
/// <param name="OffersAms">True when the client offered <c>ams.v1</c>: it is accepted even to be refused, since a browser sees only close codes.</param>
/// <param name="IsUpgrade">True when this is a request for a WebSocket at all.</param>
/// <param name="Refusal">What is wrong with the handshake itself; null when it can be accepted.</param>
internal sealed record SocketHandshake(Outcome<string?> Token, bool OffersAms, bool IsUpgrade, Refusal? Refusal)
{
    /// <summary>The subprotocol that the server selects.</summary>
    public const string Subprotocol = "ams.v1";

    private const string BearerSubprotocol = "ams.bearer.";
    private const string AcceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const string Version = "13";
    private const int KeyBytes = 16;

    /// <summary>Reads the headers.</summary>
    public static SocketHandshake Read(HttpRequest request)
    {
        var protocols = request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol);
        var token = request.Headers.Authorization.Count > 0 ? BearerToken.Read(request) : BearerOf(protocols);
        var refusal = Judge(request);
        return new SocketHandshake(
            token,
            protocols.Contains(Subprotocol, StringComparer.Ordinal),
            IsUpgradeRequest(request),
            refusal
        );
    }

    /// <summary>The headers that accept the handshake, but for the status and <c>Connection</c>, which the upgrade sets.</summary>
    public void WriteAccept(HttpRequest request, HttpResponse response)
    {
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketAccept = AcceptOf(request.Headers.SecWebSocketKey.ToString());
        if (OffersAms)
            response.Headers.SecWebSocketProtocol = Subprotocol;
    }

    /// <summary>The headers that tell what is spoken here to a client that asked for something else.</summary>
    public static void WriteOffer(HttpResponse response)
    {
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketVersion = Version;
    }

    /// <summary>The answer to a key.</summary>
    public static string AcceptOf(string key)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 asks for SHA-1: it proves that the server read the key, and protects nothing.
        SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptGuid), digest);
#pragma warning restore CA5350
        return Convert.ToBase64String(digest);
    }

    private static Refusal? Judge(HttpRequest request)
    {
        if (!IsUpgradeRequest(request))
            return new(ErrorCodes.InvalidRequest, "This address speaks WebSocket; send the request as an upgrade over HTTP/1.1.");
        if (!string.Equals(request.Headers.SecWebSocketVersion.ToString(), Version, StringComparison.Ordinal))
            return new(ErrorCodes.InvalidRequest, "Send Sec-WebSocket-Version: 13; no other version is spoken here.");
        Span<byte> key = stackalloc byte[KeyBytes + 2];
        return Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) && length == KeyBytes
            ? null
            : new(ErrorCodes.InvalidRequest, "Send one Sec-WebSocket-Key: 16 random bytes in base64.");
    }

    private static bool IsUpgradeRequest(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()
            is { IsUpgradableRequest: true }
        && request.Headers.GetCommaSeparatedValues(HeaderNames.Upgrade).Contains("websocket", StringComparer.OrdinalIgnoreCase);

    private static string? BearerOf(string[] protocols) =>
        Array
            .Find(protocols, protocol => protocol.StartsWith(BearerSubprotocol, StringComparison.Ordinal))
            ?[BearerSubprotocol.Length..];
}
