using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tokens;

internal sealed class TokenService(ControlPlaneStore store, TokenMint mint) : ITokens
{
    public Task<Outcome<TokenView>> MintAsync(
        Caller caller,
        string principalId,
        string? name,
        IReadOnlyList<string>? scopes,
        DateTimeOffset? expiresAt,
        CancellationToken ct
    ) =>
        store.ChangeAsync<TokenView>(
            caller,
            async (change, actor) =>
            {
                var principal = await PrincipalStore.FindAsync(change.Db, change.WorkspaceId, principalId);
                if (principal is null or { RemovedAt: not null })
                    return Refusal.NotFound("member");
                if (
                    (
                        Permissions.TouchTokens(actor, principal.Id, principal.Role)
                        ?? TokenRules.Name(name)
                        ?? TokenRules.ExpiresAt(expiresAt, change.Now)
                    ) is
                    { } refusal
                )
                    return refusal;
                if (!ScopeRules.Decide(scopes, principal.Role, actor.Scopes).TryGet(out var granted, out refusal))
                    return refusal;
                var token = await mint.MintAsync(change, principal, name, granted, expiresAt.ToMilliseconds());
                change.Record(
                    AuditActions.TokenMinted,
                    actor,
                    token.Id,
                    ("principal", principal.Id),
                    ("scopes", ScopeRules.Pack(granted)),
                    ("expires_at", token.ExpiresAt is { } end ? Rfc3339.Format(end) : null)
                );
                return token;
            },
            ct
        );

    public async Task<Outcome<Page<TokenView>>> ListAsync(
        Caller caller,
        string principalId,
        int limit,
        string? cursor,
        CancellationToken ct
    )
    {
        var principal = await store.ReadAsync(db => PrincipalStore.FindAsync(db, caller.WorkspaceId, principalId), ct);
        if (principal is null)
            return Refusal.NotFound("member");
        if ((Permissions.TouchTokens(caller, principal.Id, principal.Role) ?? Cursors.Limit(limit)) is { } refusal)
            return refusal;
        if (!Cursors.ReadId(Cursors.Tokens, cursor).TryGet(out var after, out refusal))
            return refusal;
        var rows = await store.ReadAsync(db => TokenStore.ListAsync(db, caller.WorkspaceId, principal.Id, after, limit + 1), ct);
        return Cursors.Page(rows, limit, row => row.ToView(principal.Role), row => Cursors.Write(Cursors.Tokens, row.Id));
    }

    public async Task<Outcome<TokenView>> GetAsync(Caller caller, string tokenId, CancellationToken ct)
    {
        var token = await store.ReadAsync(db => TokenStore.FindWithPrincipalAsync(db, caller.WorkspaceId, tokenId), ct);
        if (token is null)
            return Refusal.NotFound("token");
        return Permissions.TouchTokens(caller, token.PrincipalId, token.Role) is { } refusal ? refusal : token.ToView(token.Role);
    }

    public Task<Outcome<bool>> RevokeAsync(Caller caller, string tokenId, CancellationToken ct) =>
        store.ChangeAsync<bool>(
            caller,
            async (change, actor) =>
            {
                var token = await TokenStore.FindWithPrincipalAsync(change.Db, change.WorkspaceId, tokenId);
                if (token is null)
                    return Refusal.NotFound("token");
                if (Permissions.TouchTokens(actor, token.PrincipalId, token.Role) is { } refusal)
                    return refusal;
                if (token.RevokedAt is not null)
                    return true;
                await TokenStore.RevokeAsync(change.Db, token.Id, change.NowMs);
                change.Record(AuditActions.TokenRevoked, actor, token.Id, ("principal", token.PrincipalId));
                change.Tell(AccessChangeKind.TokenEnded, tokenId: token.Id, principalId: token.PrincipalId);
                return true;
            },
            ct
        );

    public Task<Outcome<TokenView>> RotateAsync(Caller caller, string tokenId, TimeSpan overlap, CancellationToken ct) =>
        store.ChangeAsync<TokenView>(
            caller,
            async (change, actor) =>
            {
                var old = await TokenStore.FindWithPrincipalAsync(change.Db, change.WorkspaceId, tokenId);
                if (old is null)
                    return Refusal.NotFound("token");
                if (Permissions.TouchTokens(actor, old.PrincipalId, old.Role) is { } refusal)
                    return refusal;
                // What has ended is not brought back to life.
                if (old.Ended(change.Now) is not null)
                    return TokenRules.NothingToRotate;
                var scopes = old.ScopeSet & ScopeNames.Of(old.Role);
                if ((TokenRules.Overlap(overlap) ?? ScopeRules.Within(scopes, actor.Scopes)) is { } form)
                    return form;
                var principal = (await PrincipalStore.FindAsync(change.Db, change.WorkspaceId, old.PrincipalId))!;
                var successor = await mint.MintAsync(change, principal, old.Name, scopes, old.ExpiresAt);
                await TokenStore.SupersedeAsync(change.Db, old.Id, (change.Now + overlap).ToUnixTimeMilliseconds());
                change.Record(
                    AuditActions.TokenRotated,
                    actor,
                    old.Id,
                    ("principal", old.PrincipalId),
                    ("successor", successor.Id),
                    ("ends_at", Rfc3339.Format(change.Now + overlap))
                );
                change.Tell(AccessChangeKind.TokenEnded, tokenId: old.Id, principalId: old.PrincipalId);
                return successor;
            },
            ct
        );
}
