using Ams.Actors.Runtime;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Members;
using Ams.ControlPlane.Storage;
using Ams.ControlPlane.Tokens;

namespace Ams.ControlPlane.Principals;

internal sealed class PrincipalService(ControlPlaneStore store, TokenMint mint, IIdGenerator ids, ControlPlaneOptions options)
    : IPrincipals
{
    // Which workspace a principal is of never changes, so nothing is ever evicted because of a change.
    private readonly CoherentCache<string, string> _workspaceOf = new("principals", options.PrincipalCacheEntries);

    public Task<Outcome<MemberCreated>> CreateAsync(Caller caller, NewMember member, CancellationToken ct) =>
        store.ChangeAsync<MemberCreated>(
            caller,
            async (change, actor) =>
            {
                if ((Permissions.AddMember(actor, member.Role) ?? PrincipalRules.Form(member)) is { } refusal)
                    return refusal;
                if (!ScopeRules.Decide(member.Scopes, member.Role, actor.Scopes).TryGet(out var scopes, out refusal))
                    return refusal;
                var principal = new PrincipalRow
                {
                    Id = ids.NewId("prn_"),
                    WorkspaceId = change.WorkspaceId,
                    Name = member.Name,
                    Kind = member.Kind,
                    Role = member.Role,
                    Description = TextRules.OrNull(member.Description),
                    CreatedAt = change.NowMs,
                };
                if (await PrincipalStore.IsNameTakenAsync(change.Db, change.WorkspaceId, principal.Name, principal.Id))
                    return PrincipalRules.NameTaken(principal.Name);
                await PrincipalStore.InsertAsync(change.Db, principal);
                var token = await mint.MintAsync(change, principal, name: null, scopes, expiresAt: null);
                change.Record(
                    AuditActions.MemberCreated,
                    actor,
                    principal.Id,
                    ("name", principal.Name),
                    ("kind", principal.Kind.Word()),
                    ("role", principal.Role.Word()),
                    ("token", token.Id)
                );
                return new MemberCreated(principal.ToView(), token);
            },
            ct
        );

    public async Task<Outcome<Page<PrincipalView>>> ListAsync(Caller caller, int limit, string? cursor, CancellationToken ct)
    {
        if (Cursors.Limit(limit) is { } refusal)
            return refusal;
        if (!Cursors.ReadId(Cursors.Members, cursor).TryGet(out var after, out refusal))
            return refusal;
        var rows = await store.ReadAsync(db => PrincipalStore.ListAsync(db, caller.WorkspaceId, after, limit + 1), ct);
        return Cursors.Page(rows, limit, row => row.ToView(), row => Cursors.Write(Cursors.Members, row.Id));
    }

    public async Task<Outcome<PrincipalView>> GetAsync(Caller caller, string principalId, CancellationToken ct)
    {
        var principal = await store.ReadAsync(db => PrincipalStore.FindAsync(db, caller.WorkspaceId, principalId), ct);
        return principal is null ? Refusal.NotFound("member") : principal.ToView();
    }

    public Task<Outcome<PrincipalView>> UpdateAsync(
        Caller caller,
        string principalId,
        MemberChange change,
        CancellationToken ct
    ) =>
        store.ChangeAsync<PrincipalView>(
            caller,
            async (unit, actor) =>
            {
                var before = await PrincipalStore.FindAsync(unit.Db, unit.WorkspaceId, principalId);
                if (before is null or { RemovedAt: not null })
                    return Refusal.NotFound("member");
                if (
                    (Permissions.ChangeMember(actor, before.Id, before.Role, change.Role) ?? PrincipalRules.Form(change)) is
                    { } refusal
                )
                    return refusal;
                var after = PrincipalRules.Apply(before, change);
                if (after == before)
                    return before.ToView();
                if (await PrincipalStore.IsNameTakenAsync(unit.Db, unit.WorkspaceId, after.Name, after.Id))
                    return PrincipalRules.NameTaken(after.Name);
                if (before.Role == Role.Owner && after.Role != Role.Owner && await LastOwnerAsync(unit, before.Id) is { } last)
                    return last;
                await PrincipalStore.UpdateAsync(unit.Db, after);
                unit.Record(
                    AuditActions.MemberUpdated,
                    actor,
                    after.Id,
                    ("name", Changed(before.Name, after.Name)),
                    ("role", Changed(before.Role.Word(), after.Role.Word())),
                    ("description", Changed(before.Description, after.Description))
                );
                unit.Tell(AccessChangeKind.PrincipalChanged, principalId: after.Id);
                return after.ToView();
            },
            ct
        );

    public Task<Outcome<bool>> RemoveAsync(Caller caller, string principalId, CancellationToken ct) =>
        store.ChangeAsync<bool>(
            caller,
            async (change, actor) =>
            {
                var principal = await PrincipalStore.FindAsync(change.Db, change.WorkspaceId, principalId);
                if (principal is null)
                    return Refusal.NotFound("member");
                if (Permissions.RemoveMember(actor, principal.Role) is { } refusal)
                    return refusal;
                if (principal.RemovedAt is not null)
                    return true;
                if (principal.Role == Role.Owner && await LastOwnerAsync(change, principal.Id) is { } last)
                    return last;
                await PrincipalStore.UpdateAsync(change.Db, principal with { RemovedAt = change.NowMs });
                await TokenStore.RevokeAllOfPrincipalAsync(change.Db, principal.Id, change.NowMs);
                await ChannelMemberStore.RemoveFromAllAsync(change.Db, principal.Id);
                change.Record(AuditActions.MemberRemoved, actor, principal.Id, ("name", principal.Name));
                change.Tell(AccessChangeKind.PrincipalChanged, principalId: principal.Id);
                return true;
            },
            ct
        );

    public async ValueTask<string?> FirstUnknownAsync(
        string workspaceId,
        IReadOnlyList<string> principalIds,
        CancellationToken ct
    )
    {
        foreach (var id in principalIds)
        {
            if (!_workspaceOf.TryGet(id, out var known))
            {
                var ticket = _workspaceOf.Ticket(id);
                var row = await store.ReadAsync(db => PrincipalStore.FindAsync(db, workspaceId, id), ct);
                known = row?.WorkspaceId;
                if (known is not null)
                    _workspaceOf.Put(id, known, ticket);
            }
            if (known != workspaceId)
                return id;
        }
        return null;
    }

    private static async Task<Refusal?> LastOwnerAsync(Change change, string leaving) =>
        PrincipalRules.KeepsAnOwner(await PrincipalStore.ListOwnersAsync(change.Db, change.WorkspaceId), leaving);

    private static string? Changed(string? before, string? after) =>
        string.Equals(before, after, StringComparison.Ordinal) ? null : after ?? "";
}
