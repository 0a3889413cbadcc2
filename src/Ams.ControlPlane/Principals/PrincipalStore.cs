using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Principals;

/// <summary>The SQL of principals.</summary>
internal static class PrincipalStore
{
    internal const string Columns =
        "p.id AS Id, p.workspace_id AS WorkspaceId, p.name AS Name, p.kind AS Kind, p.role AS Role, p.description AS Description, "
        + "p.created_at AS CreatedAt, p.removed_at AS RemovedAt";

    public static Task InsertAsync(Session db, PrincipalRow principal) =>
        db.ExecuteAsync(
            """
            INSERT INTO principal (id, workspace_id, name, kind, role, description, created_at)
            VALUES (@Id, @WorkspaceId, @Name, @Kind, @Role, @Description, @CreatedAt)
            """,
            new
            {
                principal.Id,
                principal.WorkspaceId,
                principal.Name,
                Kind = principal.Kind.Word(),
                Role = principal.Role.Word(),
                principal.Description,
                principal.CreatedAt,
            }
        );

    /// <summary>One of the workspace, removed or not.</summary>
    public static Task<PrincipalRow?> FindAsync(Session db, string workspaceId, string principalId) =>
        db.FirstAsync<PrincipalRow>(
            $"SELECT {Columns} FROM principal p WHERE p.id = @principalId AND p.workspace_id = @workspaceId",
            new { principalId, workspaceId }
        );

    /// <summary>Those not removed, oldest first, after an id.</summary>
    public static Task<IReadOnlyList<PrincipalRow>> ListAsync(Session db, string workspaceId, string after, int count) =>
        db.ListAsync<PrincipalRow>(
            $"""
            SELECT {Columns} FROM principal p
            WHERE p.workspace_id = @workspaceId AND p.removed_at IS NULL AND p.id > @after
            ORDER BY p.id LIMIT @count
            """,
            new
            {
                workspaceId,
                after,
                count,
            }
        );

    /// <summary>The owners not removed, oldest first.</summary>
    public static Task<IReadOnlyList<PrincipalRow>> ListOwnersAsync(Session db, string workspaceId) =>
        db.ListAsync<PrincipalRow>(
            $"""
            SELECT {Columns} FROM principal p
            WHERE p.workspace_id = @workspaceId AND p.removed_at IS NULL AND p.role = 'owner'
            ORDER BY p.id
            """,
            new { workspaceId }
        );

    public static async Task<bool> IsNameTakenAsync(Session db, string workspaceId, string name, string exceptId) =>
        await db.FirstAsync<long>(
            """
            SELECT COUNT(*) FROM principal
            WHERE workspace_id = @workspaceId AND name = @name AND removed_at IS NULL AND id <> @exceptId
            """,
            new
            {
                workspaceId,
                name,
                exceptId,
            }
        ) > 0;

    public static Task UpdateAsync(Session db, PrincipalRow principal) =>
        db.ExecuteAsync(
            "UPDATE principal SET name = @Name, role = @Role, description = @Description, removed_at = @RemovedAt WHERE id = @Id",
            new
            {
                principal.Id,
                principal.Name,
                Role = principal.Role.Word(),
                principal.Description,
                principal.RemovedAt,
            }
        );
}
