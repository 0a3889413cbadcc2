using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Audit;

internal sealed class AuditLog(ControlPlaneStore store) : IAuditLog
{
    public async Task<Outcome<Page<AuditEntry>>> ListAsync(
        Caller caller,
        AuditFilter filter,
        int limit,
        string? cursor,
        CancellationToken ct
    )
    {
        if ((Permissions.ReadAudit(caller) ?? Cursors.Limit(limit)) is { } refusal)
            return refusal;
        if (!Cursors.ReadNumber(Cursors.Audit, cursor, start: long.MaxValue).TryGet(out var before, out refusal))
            return refusal;
        var rows = await store.ReadAsync(db => AuditStore.ListAsync(db, caller.WorkspaceId, filter, before, limit + 1), ct);
        return Cursors.Page(rows, limit, row => row.ToEntry(), row => Cursors.Write(Cursors.Audit, row.Seq));
    }
}
