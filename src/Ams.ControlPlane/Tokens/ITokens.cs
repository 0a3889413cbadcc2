using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.ControlPlane.Tokens;

/// <summary>The tokens of a workspace: one's own, or as an admin anybody's (an owner's only as an owner).</summary>
public interface ITokens
{
    /// <summary>Mints a token; the secret is in the answer and nowhere else.</summary>
    /// <param name="scopes">Null: what the principal's role and the caller's token share.</param>
    /// <param name="expiresAt">In the future; null: never.</param>
    Task<Outcome<TokenView>> MintAsync(
        Caller caller,
        string principalId,
        string? name,
        IReadOnlyList<string>? scopes,
        DateTimeOffset? expiresAt,
        CancellationToken ct
    );

    /// <summary>A principal's tokens, without secrets, oldest first; revoked and expired ones included.</summary>
    Task<Outcome<Page<TokenView>>> ListAsync(Caller caller, string principalId, int limit, string? cursor, CancellationToken ct);

    /// <summary>One token that the caller may handle, without its secret.</summary>
    Task<Outcome<TokenView>> GetAsync(Caller caller, string tokenId, CancellationToken ct);

    /// <summary>Revokes a token at once. Done already: ok.</summary>
    Task<Outcome<bool>> RevokeAsync(Caller caller, string tokenId, CancellationToken ct);

    /// <summary>Gives a successor with the same name and scopes; the old one ends after the overlap.</summary>
    /// <param name="overlap">0 to 86400 s.</param>
    Task<Outcome<TokenView>> RotateAsync(Caller caller, string tokenId, TimeSpan overlap, CancellationToken ct);
}
