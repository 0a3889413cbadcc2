using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Workspaces;

/// <summary>A workspace as it is stored.</summary>
internal sealed record WorkspaceRow
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Slug { get; init; } = "";
    public long AuditSeq { get; init; }
    public long CreatedAt { get; init; }
    public long? DeletedAt { get; init; }

    public WorkspaceView ToView() => new(Id, Name, Slug, Times.From(CreatedAt));
}

/// <summary>The SQL of workspaces.</summary>
internal static class WorkspaceStore
{
    private const string Select =
        "SELECT id AS Id, name AS Name, slug AS Slug, audit_seq AS AuditSeq, created_at AS CreatedAt, deleted_at AS DeletedAt FROM workspace";

    /// <summary>Inserts it unless its slug is taken; the index decides, whoever else is creating at this moment.</summary>
    public static async Task<bool> TryInsertAsync(Session db, WorkspaceRow workspace) =>
        await db.ExecuteAsync(
            """
            INSERT INTO workspace (id, name, slug, audit_seq, created_at) VALUES (@Id, @Name, @Slug, @AuditSeq, @CreatedAt)
            ON CONFLICT DO NOTHING
            """,
            workspace
        ) == 1;

    /// <summary>Reads it and holds its row until the transaction ends.</summary>
    public static Task<WorkspaceRow?> LockAsync(Session db, string workspaceId) =>
        db.FirstAsync<WorkspaceRow>($"{Select} WHERE id = @workspaceId{db.ForUpdate}", new { workspaceId });

    public static Task<WorkspaceRow?> FindAsync(Session db, string workspaceId) =>
        db.FirstAsync<WorkspaceRow>($"{Select} WHERE id = @workspaceId", new { workspaceId });

    /// <summary>The one of this slug that was not deleted.</summary>
    public static Task<WorkspaceRow?> FindBySlugAsync(Session db, string slug) =>
        db.FirstAsync<WorkspaceRow>($"{Select} WHERE slug = @slug AND deleted_at IS NULL", new { slug });

    public static Task RenameAsync(Session db, string workspaceId, string name) =>
        db.ExecuteAsync("UPDATE workspace SET name = @name WHERE id = @workspaceId", new { workspaceId, name });

    public static Task DeleteAsync(Session db, string workspaceId, long at) =>
        db.ExecuteAsync("UPDATE workspace SET deleted_at = @at WHERE id = @workspaceId", new { workspaceId, at });
}
