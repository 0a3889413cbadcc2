using Ams.Actors.Runtime;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Members;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Channels;

internal sealed class ChannelService(ControlPlaneStore store, ChannelDirectory directory, IIdGenerator ids) : IChannels
{
    public Task<Outcome<ChannelRecord>> CreateAsync(Caller caller, NewChannel channel, CancellationToken ct) =>
        store.ChangeAsync<ChannelRecord>(
            caller,
            async (change, actor) =>
            {
                string[] members = [.. InitialMembers(actor, channel)];
                if (ChannelRules.Form(channel) is { } refusal)
                    return refusal;
                if (!await AreLiveAsync(change, members))
                    return Refusal.NotFound("member");
                if (await IsNameTakenAsync(change, actor, channel.Name, exceptId: ""))
                    return ChannelRules.NameTaken(channel.Name);
                var row = new ChannelRow
                {
                    Id = ids.NewId("chn_"),
                    WorkspaceId = change.WorkspaceId,
                    Name = channel.Name,
                    Topic = TextRules.OrNull(channel.Topic),
                    Visibility = channel.Visibility,
                    CreatedBy = actor.PrincipalId,
                    MaxHops = channel.MaxHops ?? Limits.MaxHopsDefault,
                    CreatedAt = change.NowMs,
                };
                await ChannelStore.InsertAsync(change.Db, row);
                await ChannelMemberStore.AddAsync(change.Db, row.Id, members, change.NowMs);
                change.Record(
                    AuditActions.ChannelCreated,
                    actor,
                    row.Id,
                    ("name", row.Name),
                    ("visibility", row.Visibility.Word()),
                    ("members", members.Length == 0 ? null : string.Join(' ', members))
                );
                return row.ToRecord();
            },
            ct
        );

    public Task<Outcome<(ChannelRecord Channel, bool Created)>> OpenDirectAsync(
        Caller caller,
        IReadOnlyList<string> principalIds,
        CancellationToken ct
    ) =>
        store.ChangeAsync<(ChannelRecord Channel, bool Created)>(
            caller,
            async (change, actor) =>
            {
                if (!ChannelRules.DirectSet(actor.PrincipalId, principalIds).TryGet(out var set, out var refusal))
                    return refusal;
                var key = string.Join(' ', set);
                if (await ChannelStore.FindDirectAsync(change.Db, change.WorkspaceId, key) is { } existing)
                    return (existing.ToRecord(), false);
                if (!await AreLiveAsync(change, set))
                    return Refusal.NotFound("member");
                var row = new ChannelRow
                {
                    Id = ids.NewId("chn_"),
                    WorkspaceId = change.WorkspaceId,
                    Visibility = ChannelVisibility.Direct,
                    CreatedBy = actor.PrincipalId,
                    MaxHops = Limits.MaxHopsDefault,
                    DirectSet = key,
                    CreatedAt = change.NowMs,
                };
                await ChannelStore.InsertAsync(change.Db, row);
                await ChannelMemberStore.AddAsync(change.Db, row.Id, set, change.NowMs);
                change.Record(AuditActions.DirectOpened, actor, row.Id, ("members", key));
                return (row.ToRecord(), true);
            },
            ct
        );

    public async Task<Outcome<Page<ChannelRecord>>> ListAsync(
        Caller caller,
        string? name,
        bool archived,
        int limit,
        string? cursor,
        CancellationToken ct
    )
    {
        if (Cursors.Limit(limit) is { } refusal)
            return refusal;
        if (!Cursors.ReadId(Cursors.Channels, cursor).TryGet(out var after, out refusal))
            return refusal;
        var rows = await store.ReadAsync(
            db => ChannelStore.ListAsync(db, caller.WorkspaceId, caller.PrincipalId, name, archived, after, limit + 1),
            ct
        );
        return Cursors.Page(rows, limit, row => row.ToRecord(), row => Cursors.Write(Cursors.Channels, row.Id));
    }

    public ValueTask<Outcome<ChannelRecord>> GetAsync(Caller caller, string channelId, CancellationToken ct) =>
        directory.GetAsync(caller, channelId, ct);

    public Task<Outcome<ChannelRecord>> UpdateAsync(
        Caller caller,
        string channelId,
        ChannelChange change,
        CancellationToken ct
    ) =>
        store.ChangeAsync<ChannelRecord>(
            caller,
            async (unit, actor) =>
            {
                if (!(await ChannelDirectory.FindAsync(unit.Db, actor, channelId)).TryGet(out var before, out var refusal))
                    return refusal;
                if ((Permissions.ManageChannel(actor, before) ?? ChannelRules.Form(before, change)) is { } no)
                    return no;
                var after = ChannelRules.Apply(before, change);
                if (after == before)
                    return before;
                var isRenamed = before.Name != after.Name;
                // An archived channel takes its name back when it is unarchived, and is judged then.
                if (isRenamed && before.ArchivedAt is null && await IsNameTakenAsync(unit, actor, after.Name!, after.Id))
                    return ChannelRules.NameTaken(after.Name!);
                await ChannelStore.UpdateAsync(unit.Db, after);
                unit.Record(
                    AuditActions.ChannelUpdated,
                    actor,
                    after.Id,
                    ("name", isRenamed ? after.Name : null),
                    ("topic", before.Topic == after.Topic ? null : after.Topic ?? ""),
                    ("max_hops", before.MaxHops == after.MaxHops ? null : $"{after.MaxHops}")
                );
                unit.Tell(AccessChangeKind.ChannelChanged, channelId: after.Id);
                return after;
            },
            ct
        );

    public Task<Outcome<ChannelRecord>> SetArchivedAsync(Caller caller, string channelId, bool archived, CancellationToken ct) =>
        store.ChangeAsync<ChannelRecord>(
            caller,
            async (change, actor) =>
            {
                if (!(await ChannelDirectory.FindAsync(change.Db, actor, channelId)).TryGet(out var before, out var refusal))
                    return refusal;
                if (Permissions.ManageChannel(actor, before) is { } no)
                    return no;
                if (archived == before.ArchivedAt is not null)
                    return before;
                if (!archived && before.Name is { } name && await IsNameTakenAsync(change, actor, name, before.Id))
                    return ChannelRules.NameTaken(name);
                var after = before with { ArchivedAt = archived ? change.Now : null };
                await ChannelStore.UpdateAsync(change.Db, after);
                change.Record(archived ? AuditActions.ChannelArchived : AuditActions.ChannelUnarchived, actor, after.Id);
                change.Tell(AccessChangeKind.ChannelChanged, channelId: after.Id);
                return after;
            },
            ct
        );

    public async Task<Outcome<Page<PrincipalView>>> ListMembersAsync(
        Caller caller,
        string channelId,
        int limit,
        string? cursor,
        CancellationToken ct
    )
    {
        if (!(await directory.GetAsync(caller, channelId, ct)).TryGet(out var channel, out var refusal))
            return refusal;
        if (Cursors.Limit(limit) is { } form)
            return form;
        if (!Cursors.ReadNumber(Cursors.ChannelMembers, cursor, start: 0).TryGet(out var after, out refusal))
            return refusal;
        var rows = await store.ReadAsync(db => ChannelMemberStore.ListAsync(db, channel.Id, after, limit + 1), ct);
        return Cursors.Page(rows, limit, row => row.ToView(), row => Cursors.Write(Cursors.ChannelMembers, row.Ordinal));
    }

    public Task<Outcome<bool>> AddMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        ChangeMemberAsync(caller, channelId, principalId, joins: true, ct);

    public Task<Outcome<bool>> RemoveMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        ChangeMemberAsync(caller, channelId, principalId, joins: false, ct);

    private Task<Outcome<bool>> ChangeMemberAsync(
        Caller caller,
        string channelId,
        string principalId,
        bool joins,
        CancellationToken ct
    ) =>
        store.ChangeAsync<bool>(
            caller,
            async (change, actor) =>
            {
                if (!(await ChannelDirectory.FindAsync(change.Db, actor, channelId)).TryGet(out var channel, out var refusal))
                    return refusal;
                var principal = await PrincipalStore.FindAsync(change.Db, change.WorkspaceId, principalId);
                if (principal is null || (joins && principal.RemovedAt is not null))
                    return Refusal.NotFound("member");
                var may = joins
                    ? Permissions.AddToChannel(actor, channel, principalId)
                    : Permissions.RemoveFromChannel(actor, channel, principalId);
                if ((may ?? ChannelRules.MembersMayChange(channel)) is { } no)
                    return no;
                if (joins == await ChannelMemberStore.IsMemberAsync(change.Db, channelId, principalId))
                    return true;
                if (joins)
                    await ChannelMemberStore.AddAsync(change.Db, channelId, [principalId], change.NowMs);
                else
                    await ChannelMemberStore.RemoveAsync(change.Db, channelId, principalId);
                change.Record(
                    joins ? AuditActions.ChannelMemberAdded : AuditActions.ChannelMemberRemoved,
                    actor,
                    channelId,
                    ("principal", principalId)
                );
                change.Tell(AccessChangeKind.MembershipChanged, principalId: principalId, channelId: channelId);
                return true;
            },
            ct
        );

    // Whoever may read a workspace channel need not be its member; a private one would be lost to its creator.
    private static IEnumerable<string> InitialMembers(Caller actor, NewChannel channel)
    {
        var named = channel.Members ?? [];
        return (channel.Visibility == ChannelVisibility.Private ? named.Prepend(actor.PrincipalId) : named).Distinct(
            StringComparer.Ordinal
        );
    }

    private static Task<bool> IsNameTakenAsync(Change change, Caller viewer, string name, string exceptId) =>
        ChannelStore.IsNameTakenAsync(change.Db, change.WorkspaceId, viewer.PrincipalId, name, exceptId);

    private static async Task<bool> AreLiveAsync(Change change, IReadOnlyList<string> principalIds)
    {
        foreach (var id in principalIds)
        {
            if (await PrincipalStore.FindAsync(change.Db, change.WorkspaceId, id) is not { RemovedAt: null })
                return false;
        }
        return true;
    }
}
