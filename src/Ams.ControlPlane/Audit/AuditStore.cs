using System.Text.Json;
using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Audit;

/// <summary>An entry to be written.</summary>
internal sealed record AuditDraft(
    string Action,
    string ActorId,
    string? RequestId,
    string? TargetId,
    IReadOnlyList<(string Name, string? Value)> Details
);

/// <summary>An entry as it is stored. It is numbered within its workspace: a number of the whole server would tell what others do.</summary>
internal sealed record AuditRow
{
    public long Seq { get; init; }
    public string Id { get; init; } = "";
    public string Action { get; init; } = "";
    public string ActorId { get; init; } = "";
    public string? TargetId { get; init; }
    public string? RequestId { get; init; }
    public string? Details { get; init; }
    public long At { get; init; }

    public AuditEntry ToEntry() =>
        new(
            Id,
            Action,
            ActorId,
            Times.From(At),
            TargetId,
            RequestId,
            Details is null ? null : JsonSerializer.Deserialize(Details, AuditJson.Default.DictionaryStringString)
        );
}

/// <summary>The SQL of the audit log.</summary>
internal static class AuditStore
{
    /// <summary>Appends entries after the workspace's last one, whose row is locked.</summary>
    public static async Task AppendAsync(
        Session db,
        string workspaceId,
        long lastSeq,
        DateTimeOffset at,
        IReadOnlyList<AuditDraft> drafts,
        Func<string> newId
    )
    {
        var seq = lastSeq;
        await db.ExecuteAsync(
            """
            INSERT INTO audit (workspace_id, seq, id, action, actor_id, target_id, request_id, details, at)
            VALUES (@WorkspaceId, @Seq, @Id, @Action, @ActorId, @TargetId, @RequestId, @Details, @At)
            """,
            drafts
                .Select(draft => new
                {
                    WorkspaceId = workspaceId,
                    Seq = ++seq,
                    Id = newId(),
                    draft.Action,
                    draft.ActorId,
                    draft.TargetId,
                    draft.RequestId,
                    Details = Write(draft.Details),
                    At = at.ToUnixTimeMilliseconds(),
                })
                .ToList()
        );
        await db.ExecuteAsync("UPDATE workspace SET audit_seq = @seq WHERE id = @workspaceId", new { workspaceId, seq });
    }

    /// <summary>Newest first, before a number.</summary>
    public static Task<IReadOnlyList<AuditRow>> ListAsync(
        Session db,
        string workspaceId,
        AuditFilter filter,
        long before,
        int count
    ) =>
        db.ListAsync<AuditRow>(
            $"""
            SELECT seq AS Seq, id AS Id, action AS Action, actor_id AS ActorId, target_id AS TargetId, request_id AS RequestId,
                details AS Details, at AS At
            FROM audit
            WHERE workspace_id = @workspaceId AND seq < @before
                {(filter.ActorId is null ? "" : "AND actor_id = @ActorId")}
                {(filter.Action is null ? "" : "AND action = @Action")}
                {(filter.After is null ? "" : "AND at > @after")}
                {(filter.Before is null ? "" : "AND at < @until")}
            ORDER BY seq DESC LIMIT @count
            """,
            new
            {
                workspaceId,
                before,
                filter.ActorId,
                filter.Action,
                after = filter.After.ToMilliseconds(),
                until = filter.Before.ToMilliseconds(),
                count,
            }
        );

    private static string? Write(IReadOnlyList<(string Name, string? Value)> details)
    {
        var said = details
            .Where(detail => detail.Value is not null)
            .ToDictionary(detail => detail.Name, detail => detail.Value!, StringComparer.Ordinal);
        return said.Count == 0 ? null : JsonSerializer.Serialize(said, AuditJson.Default.DictionaryStringString);
    }
}
