using Ams.Actors.Runtime;
using Ams.Actors.Storage;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Tokens;
using Ams.ControlPlane.Workspaces;

namespace Ams.ControlPlane.Storage;

/// <summary>How the services read and change. A change is one transaction that holds its workspace's row, so rules that look at several rows (the
/// last owner, a name that is taken) see a world that stands still; it ends with its audit entries, and is told before it is answered.</summary>
internal sealed class ControlPlaneStore(IDatabase database, TimeProvider time, IIdGenerator ids, AccessChanges changes)
{
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken ct) =>
        database.ReadAsync(connection => work(new Session(connection, database.Dialect, ct)), ct);

    /// <summary>A change by the platform, of one live workspace.</summary>
    public Task<Outcome<T>> ChangeAsync<T>(string workspaceId, Func<Change, Task<Outcome<T>>> work, CancellationToken ct) =>
        CommitAsync(db => OpenAsync(db, workspaceId), work, ct);

    /// <summary>A change by a caller. The work is given the caller as it is now: a right that was lost since the request was let in is gone.</summary>
    public Task<Outcome<T>> ChangeAsync<T>(Caller caller, Func<Change, Caller, Task<Outcome<T>>> work, CancellationToken ct) =>
        ChangeAsync<T>(
            caller.WorkspaceId,
            async change =>
            {
                var token = await TokenStore.FindWithPrincipalAsync(change.Db, caller.WorkspaceId, caller.TokenId);
                if (token is null || token.Ended(change.Now) is not null)
                    return token?.Ended(change.Now) ?? AuthRefusals.Revoked;
                return await work(change, token.ToCaller() with { RequestId = caller.RequestId });
            },
            ct
        );

    /// <summary>The change that makes a workspace.</summary>
    public Task<Outcome<T>> CreateWorkspaceAsync<T>(
        string workspaceId,
        Func<Change, Task<Outcome<T>>> work,
        CancellationToken ct
    ) =>
        CommitAsync(
            db => Task.FromResult<Outcome<Change>>(new Change(db, workspaceId, time.GetMillisecondNow(), auditSeq: 0)),
            work,
            ct
        );

    /// <summary>Moves a token to the present pepper. No change of the workspace: nobody's rights differ.</summary>
    public Task RekeyTokenAsync(string tokenId, byte[] old, byte[] present, CancellationToken ct) =>
        database.WriteAsync(
            async transaction =>
            {
                await TokenStore.RekeyAsync(new Session(transaction, database.Dialect), tokenId, old, present);
                return true;
            },
            ct
        );

    private async Task<Outcome<Change>> OpenAsync(Session db, string workspaceId)
    {
        var workspace = await WorkspaceStore.LockAsync(db, workspaceId);
        if (workspace is null || workspace.DeletedAt is not null)
            return AuthRefusals.Revoked;
        return new Change(db, workspaceId, time.GetMillisecondNow(), workspace.AuditSeq);
    }

    private async Task<Outcome<T>> CommitAsync<T>(
        Func<Session, Task<Outcome<Change>>> open,
        Func<Change, Task<Outcome<T>>> work,
        CancellationToken ct
    )
    {
        IReadOnlyList<AccessChange> told = [];
        try
        {
            return await database.WriteAsync(
                async transaction =>
                {
                    var db = new Session(transaction, database.Dialect);
                    var opened = await open(db);
                    if (!opened.TryGet(out var change, out var refusal))
                        return refusal;
                    var outcome = await work(change);
                    if (!outcome.IsOk)
                        return db.RowsWritten == 0
                            ? outcome
                            : throw new InvalidOperationException("A refusal came after a write; it would have been committed.");
                    told = change.Told;
                    await change.SealAsync(() => ids.NewId("aud_"));
                    return outcome;
                },
                ct
            );
        }
        finally
        {
            // Also when the commit is in doubt: what is told too often is only asked again.
            changes.Publish(told);
        }
    }
}
