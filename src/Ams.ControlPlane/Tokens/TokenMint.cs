using Ams.Actors.Runtime;
using Ams.Contracts;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tokens;

/// <summary>Makes tokens. The secret goes into the answer; what is stored is its digest.</summary>
internal sealed class TokenMint(IIdGenerator ids, TokenHasher hasher)
{
    /// <summary>Mints within a change.</summary>
    public async Task<TokenView> MintAsync(Change change, PrincipalRow principal, string? name, Scopes scopes, long? expiresAt)
    {
        var secret = TokenFormat.New(ids);
        var token = new TokenRow
        {
            Id = ids.NewId("tok_"),
            WorkspaceId = change.WorkspaceId,
            PrincipalId = principal.Id,
            Name = name,
            Scopes = ScopeRules.Pack(scopes),
            Digest = hasher.Hash(secret).ToArray(),
            CreatedAt = change.NowMs,
            ExpiresAt = expiresAt,
        };
        await TokenStore.InsertAsync(change.Db, token);
        return token.ToView(principal.Role, secret);
    }
}
