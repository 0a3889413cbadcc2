using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.ControlPlane.Audit;

/// <summary>Who did what in the control plane. An entry is written in the transaction of the change it tells of.</summary>
public interface IAuditLog
{
    /// <summary>Entries, newest first; admin or owner.</summary>
    Task<Outcome<Page<AuditEntry>>> ListAsync(Caller caller, AuditFilter filter, int limit, string? cursor, CancellationToken ct);
}

/// <summary>Which entries; null: any.</summary>
public sealed record AuditFilter(string? ActorId, string? Action, DateTimeOffset? After, DateTimeOffset? Before);
