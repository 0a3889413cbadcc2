using Ams.Contracts;

namespace Ams.TestKit.ControlPlane;

/// <summary>What belongs to another workspace does not exist, over every database.</summary>
public abstract class WallContract : ControlPlaneContract
{
    [Fact]
    public async Task Every_call_with_another_workspaces_id_is_not_found()
    {
        var mine = await Host.FoundAsync("mine");
        var theirs = await Host.FoundAsync("theirs");
        var own = await Host.AddChannelAsync(mine, "own");
        var foreign = await Host.AddChannelAsync(theirs, "foreign");
        // Known to the node's memory, so that the wall is not only in the SQL.
        await Host.Channels.GetAsync(theirs, foreign.Id, Ct);
        await Host.Principals.FirstUnknownAsync(theirs.WorkspaceId, [theirs.PrincipalId], Ct);
        var channel = foreign.Id;
        var principal = theirs.PrincipalId;

        string?[] codes =
        [
            Code(await Host.Principals.GetAsync(mine, principal, Ct)),
            Code(await Host.Principals.UpdateAsync(mine, principal, new("X", null, null), Ct)),
            Code(await Host.Principals.RemoveAsync(mine, principal, Ct)),
            Code(await Host.Tokens.MintAsync(mine, principal, null, null, null, Ct)),
            Code(await Host.Tokens.ListAsync(mine, principal, 100, null, Ct)),
            Code(await Host.Tokens.RevokeAsync(mine, theirs.TokenId, Ct)),
            Code(await Host.Tokens.RotateAsync(mine, theirs.TokenId, TimeSpan.Zero, Ct)),
            Code(await Host.Channels.GetAsync(mine, channel, Ct)),
            Code(await Host.Channels.UpdateAsync(mine, channel, new("x", null, null), Ct)),
            Code(await Host.Channels.SetArchivedAsync(mine, channel, true, Ct)),
            Code(await Host.Channels.ListMembersAsync(mine, channel, 100, null, Ct)),
            Code(await Host.Channels.AddMemberAsync(mine, channel, mine.PrincipalId, Ct)),
            Code(await Host.Channels.AddMemberAsync(mine, own.Id, principal, Ct)),
            Code(await Host.Channels.RemoveMemberAsync(mine, channel, mine.PrincipalId, Ct)),
            Code(await Host.Channels.RemoveMemberAsync(mine, own.Id, principal, Ct)),
            Code(await Host.Channels.OpenDirectAsync(mine, [principal], Ct)),
            Code(await Host.Channels.CreateAsync(mine, new("x", null, ChannelVisibility.Private, [principal], null), Ct)),
        ];

        codes.ShouldAllBe(code => code == "not_found");
        (await Host.Principals.FirstUnknownAsync(mine.WorkspaceId, [mine.PrincipalId, principal], Ct)).ShouldBe(principal);
    }

    [Fact]
    public async Task A_refusal_tells_nothing_of_whether_another_workspace_has_it()
    {
        var mine = await Host.FoundAsync("mine");
        var theirs = await Host.FoundAsync("theirs");
        var foreign = await Host.AddChannelAsync(theirs, "foreign");

        (await Host.Channels.GetAsync(mine, foreign.Id, Ct)).Refusal.ShouldBe(
            (await Host.Channels.GetAsync(mine, "chn_nothing", Ct)).Refusal
        );
        (await Host.Principals.GetAsync(mine, theirs.PrincipalId, Ct)).Refusal.ShouldBe(
            (await Host.Principals.GetAsync(mine, "prn_nothing", Ct)).Refusal
        );
        (await Host.Channels.ListAsync(mine, "foreign", true, 100, null, Ct)).Value.Items.ShouldBeEmpty();
        (await Host.Principals.ListAsync(mine, 100, null, Ct)).Value.Items.Count.ShouldBe(1);
        (await Host.Audit.ListAsync(mine, new(theirs.PrincipalId, null, null, null), 100, null, Ct)).Value.Items.ShouldBeEmpty();
        (
            await Host.Channels.CreateAsync(mine, new("foreign", null, ChannelVisibility.Workspace, null, null), Ct)
        ).IsOk.ShouldBeTrue();
    }
}
