using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;

namespace Ams.ControlPlane.Storage;

/// <summary>One change of a workspace under way: its transaction, who makes it, and what is to be told of it.</summary>
internal sealed class Change(Session db, string workspaceId, DateTimeOffset now, long auditSeq)
{
    private readonly List<AuditDraft> _drafts = [];
    private readonly List<AccessChange> _told = [];

    /// <summary>The transaction. The workspace's row is locked, so what is read here stays true until the commit.</summary>
    public Session Db => db;

    public string WorkspaceId => workspaceId;

    /// <summary>The time of the change, in whole milliseconds.</summary>
    public DateTimeOffset Now => now;

    public long NowMs => now.ToUnixTimeMilliseconds();

    /// <summary>What the listeners of <see cref="IAccessChanges"/> hear once it is committed.</summary>
    public IReadOnlyList<AccessChange> Told => _told;

    /// <summary>Notes what happened for the audit log. Nothing secret may stand in it.</summary>
    public void Record(
        string action,
        string actorId,
        string? requestId,
        string? targetId,
        params (string Name, string? Value)[] details
    ) => _drafts.Add(new AuditDraft(action, actorId, requestId, targetId, details));

    /// <summary>Notes what happened, done by the caller.</summary>
    public void Record(string action, Caller actor, string? targetId, params (string Name, string? Value)[] details) =>
        Record(action, actor.PrincipalId, actor.RequestId, targetId, details);

    /// <summary>Notes that what somebody may do has changed.</summary>
    public void Tell(AccessChangeKind kind, string? tokenId = null, string? principalId = null, string? channelId = null) =>
        _told.Add(new AccessChange(kind, workspaceId, tokenId, principalId, channelId));

    /// <summary>Writes what was noted; the last thing that a change does.</summary>
    public async Task SealAsync(Func<string> newAuditId)
    {
        if (_drafts.Count > 0)
            await AuditStore.AppendAsync(db, workspaceId, auditSeq, now, _drafts, newAuditId);
        if (_told.Count > 0)
            await AccessChangeStore.AppendAsync(db, now, _told);
    }
}
