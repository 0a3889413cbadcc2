using Ams.Contracts;
using Ams.ControlPlane.Audit;

namespace Ams.TestKit.ControlPlane;

/// <summary>What the audit log promises over every database.</summary>
public abstract class AuditContract : ControlPlaneContract
{
    private static readonly AuditFilter Any = new(null, null, null, null);

    [Fact]
    public async Task Every_change_is_told_newest_first_and_a_change_that_changes_nothing_is_not()
    {
        var owner = await Host.FoundAsync("acme");
        var (mo, _) = await Host.AddAsync(owner, "Mo", Role.Member);
        var channel = await Host.AddChannelAsync(mo, "ops", ChannelVisibility.Private);
        await Host.Channels.UpdateAsync(mo, channel.Id, new(null, "t", null), Ct);
        await Host.Channels.UpdateAsync(mo, channel.Id, new(null, "t", null), Ct);
        await Host.Channels.AddMemberAsync(mo, channel.Id, owner.PrincipalId, Ct);
        await Host.Channels.AddMemberAsync(mo, channel.Id, owner.PrincipalId, Ct);
        await Host.Channels.RemoveMemberAsync(mo, channel.Id, owner.PrincipalId, Ct);
        await Host.Channels.SetArchivedAsync(mo, channel.Id, true, Ct);
        await Host.Channels.SetArchivedAsync(mo, channel.Id, false, Ct);
        await Host.Channels.OpenDirectAsync(mo, [owner.PrincipalId], Ct);
        await Host.Tokens.MintAsync(mo, mo.PrincipalId, null, null, null, Ct);
        await Host.Tokens.RotateAsync(mo, mo.TokenId, TimeSpan.FromSeconds(60), Ct);
        await Host.Principals.UpdateAsync(mo, mo.PrincipalId, new("Moa", null, null), Ct);
        await Host.Tokens.RevokeAsync(owner, mo.TokenId, Ct);
        await Host.Principals.RemoveAsync(owner, mo.PrincipalId, Ct);
        await Host.Workspaces.RenameAsync(owner, "Acme 2", Ct);

        var entries = await ListAsync(await RecoveredAsync(), Any);

        entries
            .Select(entry => entry.Action)
            .ShouldBe([
                "workspace.recovered",
                "workspace.renamed",
                "member.removed",
                "token.revoked",
                "member.updated",
                "token.rotated",
                "token.minted",
                "direct.opened",
                "channel.unarchived",
                "channel.archived",
                "channel.member_removed",
                "channel.member_added",
                "channel.updated",
                "channel.created",
                "member.created",
                "workspace.created",
            ]);
        entries[^1].ActorId.ShouldBe("platform");
        entries[^3]
            .ShouldSatisfyAllConditions(
                entry => entry.ActorId.ShouldBe(mo.PrincipalId),
                entry => entry.TargetId.ShouldBe(channel.Id),
                entry => entry.RequestId.ShouldBe("req-1"),
                entry => entry.Details!["name"].ShouldBe("ops"),
                entry => entry.Id.ShouldStartWith("aud_")
            );
        entries.ShouldAllBe(entry => entry.Details == null || !entry.Details.Values.Any(value => value.Contains("wat_")));
    }

    [Fact]
    public async Task It_is_read_by_admins_filtered_and_in_pages()
    {
        var owner = await Host.FoundAsync("acme");
        var (ada, _) = await Host.AddAsync(owner, "Ada", Role.Admin);
        var (mo, _) = await Host.AddAsync(ada, "Mo", Role.Member);
        var since = Time.GetUtcNow();
        await Host.AddChannelAsync(mo, "one");
        await Host.AddChannelAsync(ada, "two");

        Code(await Host.Audit.ListAsync(mo, Any, 100, null, Ct)).ShouldBe("role_too_low");
        (await ListAsync(ada, Any with { ActorId = mo.PrincipalId })).Single().Action.ShouldBe("channel.created");
        (await ListAsync(ada, Any with { Action = "member.created" })).Count.ShouldBe(2);
        (await ListAsync(ada, Any with { After = since })).Count.ShouldBe(2);
        (await ListAsync(ada, Any with { Before = since })).Count.ShouldBe(2);

        var first = (await Host.Audit.ListAsync(ada, Any, 3, null, Ct)).Value;
        var second = (await Host.Audit.ListAsync(ada, Any, 3, first.Next, Ct)).Value;
        first
            .Items.Concat(second.Items)
            .Select(entry => entry.Id)
            .ShouldBe((await ListAsync(ada, Any)).Select(entry => entry.Id));
        second.Next.ShouldBeNull();
        Code(await Host.Audit.ListAsync(ada, Any, 3, "nonsense", Ct)).ShouldBe("invalid_cursor");
    }

    private async Task<Ams.ControlPlane.Access.Caller> RecoveredAsync() =>
        await Host.CallerAsync((await Host.Workspaces.RecoverOwnerAsync("acme", null, Ct)).Value);

    private async Task<IReadOnlyList<AuditEntry>> ListAsync(Ams.ControlPlane.Access.Caller by, AuditFilter filter) =>
        (await Host.Audit.ListAsync(by, filter, 100, null, Ct)).Value.Items;
}
