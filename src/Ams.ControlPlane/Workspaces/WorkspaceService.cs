using Ams.Actors.Runtime;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;
using Ams.ControlPlane.Tokens;

namespace Ams.ControlPlane.Workspaces;

internal sealed class WorkspaceService(ControlPlaneStore store, TokenMint mint, IIdGenerator ids) : IWorkspaces
{
    private const string FirstOwnerName = "Owner";

    public async Task<Outcome<WorkspaceCreated>> CreateAsync(string name, string slug, string? requestId, CancellationToken ct)
    {
        if ((TextRules.Name("name", name) ?? WorkspaceRules.Slug(slug)) is { } refusal)
            return refusal;
        return await store.CreateWorkspaceAsync<WorkspaceCreated>(
            ids.NewId("wsp_"),
            async change =>
            {
                var workspace = new WorkspaceRow
                {
                    Id = change.WorkspaceId,
                    Name = name,
                    Slug = slug,
                    CreatedAt = change.NowMs,
                };
                if (!await WorkspaceStore.TryInsertAsync(change.Db, workspace))
                    return WorkspaceRules.SlugTaken(slug);
                var owner = new PrincipalRow
                {
                    Id = ids.NewId("prn_"),
                    WorkspaceId = workspace.Id,
                    Name = FirstOwnerName,
                    Kind = PrincipalKind.Human,
                    Role = Role.Owner,
                    CreatedAt = change.NowMs,
                };
                await PrincipalStore.InsertAsync(change.Db, owner);
                var token = await mint.MintAsync(change, owner, name: null, ScopeNames.Everything, expiresAt: null);
                change.Record(
                    AuditActions.WorkspaceCreated,
                    AuditActions.Platform,
                    requestId,
                    workspace.Id,
                    ("slug", slug),
                    ("owner", owner.Id)
                );
                return new WorkspaceCreated(workspace.ToView(), owner.ToView(), token.Secret!);
            },
            ct
        );
    }

    public async Task<Outcome<WorkspaceView>> GetAsync(Caller caller, CancellationToken ct)
    {
        var workspace = await store.ReadAsync(db => WorkspaceStore.FindAsync(db, caller.WorkspaceId), ct);
        return workspace is { DeletedAt: null } ? workspace.ToView() : Refusal.NotFound("workspace");
    }

    public Task<Outcome<WorkspaceView>> RenameAsync(Caller caller, string name, CancellationToken ct) =>
        store.ChangeAsync<WorkspaceView>(
            caller,
            async (change, actor) =>
            {
                if ((Permissions.ChangeWorkspace(actor) ?? TextRules.Name("name", name)) is { } refusal)
                    return refusal;
                var workspace = (await WorkspaceStore.FindAsync(change.Db, change.WorkspaceId))!;
                if (!string.Equals(workspace.Name, name, StringComparison.Ordinal))
                {
                    await WorkspaceStore.RenameAsync(change.Db, change.WorkspaceId, name);
                    change.Record(
                        AuditActions.WorkspaceRenamed,
                        actor,
                        change.WorkspaceId,
                        ("from", workspace.Name),
                        ("to", name)
                    );
                }
                return (workspace with { Name = name }).ToView();
            },
            ct
        );

    public Task<Outcome<bool>> DeleteAsync(Caller caller, string? confirmSlug, CancellationToken ct) =>
        store.ChangeAsync<bool>(
            caller,
            async (change, actor) =>
            {
                if (Permissions.ChangeWorkspace(actor) is { } refusal)
                    return refusal;
                var workspace = (await WorkspaceStore.FindAsync(change.Db, change.WorkspaceId))!;
                if (!string.Equals(workspace.Slug, confirmSlug, StringComparison.Ordinal))
                    return Refusal.Invalid("confirm", "Deleting is for good; add ?confirm= with the workspace's slug.");
                await WorkspaceStore.DeleteAsync(change.Db, change.WorkspaceId, change.NowMs);
                await TokenStore.RevokeAllOfWorkspaceAsync(change.Db, change.WorkspaceId, change.NowMs);
                change.Record(AuditActions.WorkspaceDeleted, actor, change.WorkspaceId, ("slug", workspace.Slug));
                change.Tell(AccessChangeKind.WorkspaceDeleted);
                return true;
            },
            ct
        );

    public async Task<Outcome<string>> RecoverOwnerAsync(string slug, string? requestId, CancellationToken ct)
    {
        var workspace = await store.ReadAsync(db => WorkspaceStore.FindBySlugAsync(db, slug), ct);
        if (workspace is null)
            return Refusal.NotFound("workspace");
        var recovered = await store.ChangeAsync<string>(
            workspace.Id,
            async change =>
            {
                var owners = await PrincipalStore.ListOwnersAsync(change.Db, change.WorkspaceId);
                foreach (var owner in owners)
                {
                    await TokenStore.RevokeAllOfPrincipalAsync(change.Db, owner.Id, change.NowMs);
                    change.Tell(AccessChangeKind.PrincipalChanged, principalId: owner.Id);
                }
                // There is one: the last owner can't be removed, and of several the first is the one who was there first.
                var token = await mint.MintAsync(change, owners[0], "recovered", ScopeNames.Everything, expiresAt: null);
                change.Record(
                    AuditActions.WorkspaceRecovered,
                    AuditActions.Platform,
                    requestId,
                    change.WorkspaceId,
                    ("owner", owners[0].Id),
                    ("token", token.Id)
                );
                return token.Secret!;
            },
            ct
        );
        // Deleted between the look-up and the change: there is no token that could have been revoked.
        return recovered.Refusal == AuthRefusals.Revoked ? Refusal.NotFound("workspace") : recovered;
    }
}
