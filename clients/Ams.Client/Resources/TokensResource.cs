using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Credentials: one's own, or as an admin anybody's.</summary>
public sealed class TokensResource
{
    private readonly AmsHttp _http;

    internal TokensResource(AmsHttp http) => _http = http;

    /// <summary>Mints a token. <c>Secret</c> is in the answer and nowhere else.</summary>
    /// <param name="principalId">Whose.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="scopes">Null: what the principal's role and the caller's token share.</param>
    /// <param name="expiresAt">Null: never.</param>
    public async Task<TokenView> MintAsync(
        string principalId,
        string? name = null,
        IReadOnlyList<string>? scopes = null,
        DateTimeOffset? expiresAt = null,
        CancellationToken ct = default
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new TokenBody(name, scopes, expiresAt), ClientJson.Default.TokenBody);
        var call = new Call(HttpMethod.Post, $"{MembersResource.Path(principalId)}/tokens", body) { Repeatable = false };
        return (await _http.SendAsync(call, ct)).Read("token", AmsJson.Default.TokenView);
    }

    /// <summary>A page of a principal's tokens, without their secrets, oldest first.</summary>
    public async Task<Page<TokenView>> ListAsync(
        string principalId,
        int? limit = null,
        string? cursor = null,
        CancellationToken ct = default
    )
    {
        var path = new Query($"{MembersResource.Path(principalId)}/tokens").Add("limit", limit).Add("cursor", cursor).ToString();
        return (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(AmsJson.Default.PageTokenView);
    }

    /// <summary>All of a principal's tokens.</summary>
    public IAsyncEnumerable<TokenView> ListAllAsync(string principalId, CancellationToken ct = default) =>
        Paging.AllAsync((cursor, token) => ListAsync(principalId, Limits.PageMax, cursor, token), ct);

    /// <summary>Gives a successor with the same name and scopes; the old one ends after the overlap.</summary>
    /// <param name="tokenId">The token to be replaced.</param>
    /// <param name="overlap">0 to 24 hours, in whole seconds; null: 5 minutes.</param>
    public async Task<TokenView> RotateAsync(string tokenId, TimeSpan? overlap = null, CancellationToken ct = default)
    {
        var rotate = new RotateBody(overlap is { } time ? (long)time.TotalSeconds : null);
        var body = JsonSerializer.SerializeToUtf8Bytes(rotate, ClientJson.Default.RotateBody);
        var call = new Call(HttpMethod.Post, $"{Path(tokenId)}/rotate", body) { Repeatable = false };
        return (await _http.SendAsync(call, ct)).Read("token", AmsJson.Default.TokenView);
    }

    /// <summary>Revokes a token at once.</summary>
    public async Task RevokeAsync(string tokenId, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Delete, Path(tokenId)), ct);

    private static string Path(string tokenId) => $"v1/tokens/{Uri.EscapeDataString(tokenId)}";
}
