using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tokens;

/// <summary>The SQL of tokens.</summary>
internal static class TokenStore
{
    private const string Columns =
        "t.id AS Id, t.workspace_id AS WorkspaceId, t.principal_id AS PrincipalId, t.name AS Name, t.scopes AS Scopes, t.digest AS Digest, "
        + "t.created_at AS CreatedAt, t.expires_at AS ExpiresAt, t.superseded_at AS SupersededAt, t.revoked_at AS RevokedAt";

    private const string WithPrincipal =
        $"SELECT {Columns}, p.name AS PrincipalName, p.kind AS Kind, p.role AS Role FROM token t JOIN principal p ON p.id = t.principal_id";

    public static Task InsertAsync(Session db, TokenRow token) =>
        db.ExecuteAsync(
            """
            INSERT INTO token (id, workspace_id, principal_id, name, scopes, digest, created_at, expires_at)
            VALUES (@Id, @WorkspaceId, @PrincipalId, @Name, @Scopes, @Digest, @CreatedAt, @ExpiresAt)
            """,
            token
        );

    public static Task<TokenWithPrincipal?> FindByDigestAsync(Session db, byte[] digest) =>
        db.FirstAsync<TokenWithPrincipal>($"{WithPrincipal} WHERE t.digest = @digest", new { digest });

    public static Task<TokenWithPrincipal?> FindWithPrincipalAsync(Session db, string workspaceId, string tokenId) =>
        db.FirstAsync<TokenWithPrincipal>(
            $"{WithPrincipal} WHERE t.id = @tokenId AND t.workspace_id = @workspaceId",
            new { tokenId, workspaceId }
        );

    /// <summary>Oldest first, after an id.</summary>
    public static Task<IReadOnlyList<TokenRow>> ListAsync(
        Session db,
        string workspaceId,
        string principalId,
        string after,
        int count
    ) =>
        db.ListAsync<TokenRow>(
            $"""
            SELECT {Columns} FROM token t
            WHERE t.principal_id = @principalId AND t.workspace_id = @workspaceId AND t.id > @after
            ORDER BY t.id LIMIT @count
            """,
            new
            {
                workspaceId,
                principalId,
                after,
                count,
            }
        );

    /// <summary>The digest under the present pepper takes the place of the one under an earlier pepper.</summary>
    public static Task RekeyAsync(Session db, string tokenId, byte[] old, byte[] present) =>
        db.ExecuteAsync(
            "UPDATE token SET digest = @present WHERE id = @tokenId AND digest = @old",
            new
            {
                tokenId,
                old,
                present,
            }
        );

    public static Task RevokeAsync(Session db, string tokenId, long at) =>
        db.ExecuteAsync("UPDATE token SET revoked_at = @at WHERE id = @tokenId AND revoked_at IS NULL", new { tokenId, at });

    public static Task SupersedeAsync(Session db, string tokenId, long at) =>
        db.ExecuteAsync(
            "UPDATE token SET superseded_at = @at WHERE id = @tokenId AND (superseded_at IS NULL OR superseded_at > @at)",
            new { tokenId, at }
        );

    public static Task RevokeAllOfPrincipalAsync(Session db, string principalId, long at) =>
        db.ExecuteAsync(
            "UPDATE token SET revoked_at = @at WHERE principal_id = @principalId AND revoked_at IS NULL",
            new { principalId, at }
        );

    public static Task RevokeAllOfWorkspaceAsync(Session db, string workspaceId, long at) =>
        db.ExecuteAsync(
            "UPDATE token SET revoked_at = @at WHERE workspace_id = @workspaceId AND revoked_at IS NULL",
            new { workspaceId, at }
        );
}
