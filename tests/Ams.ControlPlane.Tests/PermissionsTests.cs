using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.ControlPlane.Tests;

/// <summary>The table of roles (protocol, section 3).</summary>
public sealed class PermissionsTests
{
    [Theory]
    [InlineData(Role.Owner, true)]
    [InlineData(Role.Admin, false)]
    [InlineData(Role.Member, false)]
    public void Only_an_owner_changes_the_workspace(Role role, bool may) =>
        Judge(Permissions.ChangeWorkspace(As(role))).ShouldBe(may);

    [Theory]
    [InlineData(Role.Owner, true)]
    [InlineData(Role.Admin, true)]
    [InlineData(Role.Member, false)]
    public void Admins_and_owners_read_the_audit_log(Role role, bool may) => Judge(Permissions.ReadAudit(As(role))).ShouldBe(may);

    [Theory]
    [InlineData(Role.Owner, Role.Owner, true)]
    [InlineData(Role.Owner, Role.Admin, true)]
    [InlineData(Role.Owner, Role.Member, true)]
    [InlineData(Role.Admin, Role.Owner, false)]
    [InlineData(Role.Admin, Role.Admin, true)]
    [InlineData(Role.Admin, Role.Member, true)]
    [InlineData(Role.Member, Role.Owner, false)]
    [InlineData(Role.Member, Role.Admin, false)]
    [InlineData(Role.Member, Role.Member, false)]
    public void Others_are_handled_by_admins_and_owners_by_owners(Role actor, Role target, bool may)
    {
        Judge(Permissions.AddMember(As(actor), target)).ShouldBe(may);
        Judge(Permissions.RemoveMember(As(actor), target)).ShouldBe(may);
        Judge(Permissions.ChangeMember(As(actor), "prn_other", target, newRole: null)).ShouldBe(may);
        Judge(Permissions.TouchTokens(As(actor), "prn_other", target)).ShouldBe(may);
        // To make somebody an owner is to touch an owner.
        Judge(Permissions.ChangeMember(As(actor), "prn_other", Role.Member, target)).ShouldBe(may);
    }

    [Theory]
    [InlineData(Role.Owner)]
    [InlineData(Role.Admin)]
    [InlineData(Role.Member)]
    public void Oneself_but_the_role_is_changed_with_any_token(Role role)
    {
        var bare = As(role) with { Scopes = Scopes.None };

        Judge(Permissions.ChangeMember(bare, bare.PrincipalId, role, newRole: null)).ShouldBeTrue();
        Judge(Permissions.ChangeMember(bare, bare.PrincipalId, role, role)).ShouldBeTrue();
        Judge(Permissions.TouchTokens(bare, bare.PrincipalId, role)).ShouldBeTrue();
        var other = role == Role.Member ? Role.Admin : Role.Member;
        Permissions
            .ChangeMember(bare, bare.PrincipalId, role, other)!
            .Code.ShouldBe(role == Role.Member ? ErrorCodes.RoleTooLow : ErrorCodes.ScopeMissing);
    }

    [Theory]
    [InlineData(Role.Owner, "prn_other", true)]
    [InlineData(Role.Admin, "prn_other", true)]
    [InlineData(Role.Member, "prn_other", false)]
    [InlineData(Role.Member, "prn_me", true)]
    public void A_channel_is_managed_by_its_creator_admins_and_owners(Role role, string creator, bool may)
    {
        var open = Channel(ChannelVisibility.Workspace, creator);
        var closed = Channel(ChannelVisibility.Private, creator);

        Judge(Permissions.ManageChannel(As(role), open)).ShouldBe(may);
        Judge(Permissions.AddToChannel(As(role), open, "prn_third")).ShouldBe(may);
        Judge(Permissions.AddToChannel(As(role), closed, "prn_third")).ShouldBe(may);
        Judge(Permissions.RemoveFromChannel(As(role), closed, "prn_third")).ShouldBe(may);
        Judge(Permissions.AddToChannel(As(role), open, "prn_me")).ShouldBeTrue();
        Judge(Permissions.RemoveFromChannel(As(role), closed, "prn_me")).ShouldBeTrue();
    }

    private static bool Judge(Refusal? refusal)
    {
        refusal?.Code.Status.ShouldBe(403);
        return refusal is null;
    }

    private static Caller As(Role role) =>
        new("wsp_1", "prn_me", "Me", PrincipalKind.Human, role, "tok_1", ScopeNames.Of(role), ExpiresAt: null);

    private static ChannelRecord Channel(ChannelVisibility visibility, string creator) =>
        new("chn_1", "wsp_1", "c", null, visibility, creator, 30, DateTimeOffset.UnixEpoch, null, null);
}
