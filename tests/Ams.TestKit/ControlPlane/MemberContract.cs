using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Principals;

namespace Ams.TestKit.ControlPlane;

/// <summary>What members promise over every database.</summary>
public abstract class MemberContract : ControlPlaneContract
{
    [Fact]
    public async Task A_new_member_has_a_token_with_what_its_role_and_the_minters_token_share()
    {
        var owner = await Host.FoundAsync("acme");

        var created = (await Host.Principals.CreateAsync(owner, New("Mo", Role.Member), Ct)).Value;

        var caller = await Host.CallerAsync(created.Token.Secret!);
        caller.Scopes.ShouldBe(ScopeNames.Of(Role.Member));
        (caller.Name, caller.Kind, caller.Role).ShouldBe(("Mo", PrincipalKind.Agent, Role.Member));
        (await Host.Principals.GetAsync(caller, created.Member.Id, Ct)).Value.ShouldBe(created.Member);
    }

    [Fact]
    public async Task Names_are_unique_among_those_not_removed()
    {
        var owner = await Host.FoundAsync("acme");
        var (mo, _) = await Host.AddAsync(owner, "Mo", Role.Member);
        var (ole, _) = await Host.AddAsync(owner, "Ole", Role.Member);

        Code(await Host.Principals.CreateAsync(owner, New("Mo", Role.Member), Ct)).ShouldBe("name_taken");
        Code(await Host.Principals.UpdateAsync(owner, ole.PrincipalId, new("Mo", null, null), Ct)).ShouldBe("name_taken");
        (await Host.Principals.UpdateAsync(owner, mo.PrincipalId, new("Mo", null, "the same"), Ct)).IsOk.ShouldBeTrue();
        (await Host.Principals.RemoveAsync(owner, mo.PrincipalId, Ct)).IsOk.ShouldBeTrue();
        (await Host.Principals.CreateAsync(owner, New("Mo", Role.Member), Ct)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_creators_of_one_name_exactly_one_wins()
    {
        var owner = await Host.FoundAsync("acme");

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => Host.Principals.CreateAsync(owner, New("Mo", Role.Member), Ct)))
        );

        outcomes.Count(outcome => outcome.IsOk).ShouldBe(1);
        outcomes.Where(outcome => !outcome.IsOk).Select(Code).Distinct().ShouldBe(["name_taken"]);
    }

    [Fact]
    public async Task One_changes_oneself_with_any_token_but_not_ones_role()
    {
        var owner = await Host.FoundAsync("acme");
        var (mo, secret) = await Host.AddAsync(owner, "Mo", Role.Member);
        var token = (await Host.Tokens.MintAsync(mo, mo.PrincipalId, null, ["messages:read"], null, Ct)).Value;
        var narrow = await Host.CallerAsync(token.Secret!);

        var changed = (await Host.Principals.UpdateAsync(narrow, mo.PrincipalId, new("Moa", Role.Member, "an agent"), Ct)).Value;

        (changed.Name, changed.Description).ShouldBe(("Moa", "an agent"));
        (await Host.CallerAsync(secret)).Name.ShouldBe("Moa");
        Code(await Host.Principals.UpdateAsync(narrow, mo.PrincipalId, new(null, Role.Admin, null), Ct)).ShouldBe("role_too_low");
        Code(await Host.Principals.UpdateAsync(mo, owner.PrincipalId, new("X", null, null), Ct)).ShouldBe("role_too_low");
        (await Host.Principals.UpdateAsync(mo, mo.PrincipalId, new(null, null, ""), Ct)).Value.Description.ShouldBeNull();
    }

    [Fact]
    public async Task An_admin_does_everything_but_touch_owners()
    {
        var owner = await Host.FoundAsync("acme");
        var (admin, _) = await Host.AddAsync(owner, "Ada", Role.Admin);
        var (member, _) = await Host.AddAsync(admin, "Mo", Role.Member);

        (await Host.Principals.UpdateAsync(admin, member.PrincipalId, new(null, Role.Admin, null), Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Principals.CreateAsync(admin, New("Ola", Role.Owner), Ct)).ShouldBe("role_too_low");
        Code(await Host.Principals.UpdateAsync(admin, member.PrincipalId, new(null, Role.Owner, null), Ct))
            .ShouldBe("role_too_low");
        Code(await Host.Principals.UpdateAsync(admin, owner.PrincipalId, new("X", null, null), Ct)).ShouldBe("role_too_low");
        Code(await Host.Principals.RemoveAsync(admin, owner.PrincipalId, Ct)).ShouldBe("role_too_low");
    }

    [Fact]
    public async Task The_last_owner_stays()
    {
        var owner = await Host.FoundAsync("acme");
        var (second, _) = await Host.AddAsync(owner, "Ola", Role.Owner);

        (await Host.Principals.UpdateAsync(owner, second.PrincipalId, new(null, Role.Admin, null), Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Principals.UpdateAsync(owner, owner.PrincipalId, new(null, Role.Admin, null), Ct)).ShouldBe("last_owner");
        Code(await Host.Principals.RemoveAsync(owner, owner.PrincipalId, Ct)).ShouldBe("last_owner");
    }

    [Fact]
    public async Task Of_two_owners_who_step_down_at_once_one_is_refused()
    {
        for (var round = 0; round < 8; round++)
        {
            var first = await Host.FoundAsync($"acme-{round}");
            var (second, _) = await Host.AddAsync(first, "Ola", Role.Owner);

            var outcomes = await Task.WhenAll(
                Task.Run(() => Host.Principals.RemoveAsync(first, first.PrincipalId, Ct)),
                Task.Run(() => Host.Principals.UpdateAsync(second, second.PrincipalId, new(null, Role.Member, null), Ct))
                    .ContinueWith(task => (Outcome<bool>)(task.Result.Refusal is { } no ? no : true), TaskScheduler.Default)
            );

            outcomes.Select(Code).Order().ShouldBe([null, "last_owner"]);
        }
    }

    [Fact]
    public async Task A_removed_member_loses_tokens_and_channels_and_can_still_be_read_by_id()
    {
        var owner = await Host.FoundAsync("acme");
        var (mo, secret) = await Host.AddAsync(owner, "Mo", Role.Member);
        var channel = await Host.AddChannelAsync(owner, "ops", ChannelVisibility.Private, mo.PrincipalId);
        (await Host.Channels.GetAsync(mo, channel.Id, Ct)).IsOk.ShouldBeTrue();
        var told = new List<AccessChange>();
        using var subscription = Host.AccessChanges.Subscribe(told.Add);

        (await Host.Principals.RemoveAsync(owner, mo.PrincipalId, Ct)).IsOk.ShouldBeTrue();
        (await Host.Principals.RemoveAsync(owner, mo.PrincipalId, Ct)).IsOk.ShouldBeTrue();

        told.ShouldBe([new AccessChange(AccessChangeKind.PrincipalChanged, owner.WorkspaceId, PrincipalId: mo.PrincipalId)]);
        Code(await Host.Authenticator.AuthenticateAsync(secret, Ct)).ShouldBe("token_revoked");
        Code(await Host.Channels.GetAsync(mo, channel.Id, Ct)).ShouldBe("not_found");
        (await Host.Principals.GetAsync(owner, mo.PrincipalId, Ct)).Value.RemovedAt.ShouldBe(Time.GetUtcNow());
        (await Host.Principals.ListAsync(owner, 100, null, Ct)).Value.Items.Select(item => item.Name).ShouldBe(["Owner"]);
        (await Host.Channels.ListMembersAsync(owner, channel.Id, 100, null, Ct)).Value.Items.Count.ShouldBe(1);
        Code(await Host.Principals.UpdateAsync(owner, mo.PrincipalId, new("X", null, null), Ct)).ShouldBe("not_found");
        Code(await Host.Tokens.MintAsync(owner, mo.PrincipalId, null, null, null, Ct)).ShouldBe("not_found");
        (await Host.Principals.FirstUnknownAsync(owner.WorkspaceId, [mo.PrincipalId], Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_list_is_read_in_pages_oldest_first_and_a_bad_cursor_is_refused()
    {
        var owner = await Host.FoundAsync("acme");
        for (var i = 0; i < 5; i++)
            await Host.AddAsync(owner, $"M{i}", Role.Member);

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await Host.Principals.ListAsync(owner, 2, cursor, Ct)).Value;
            page.Items.Count.ShouldBe(2);
            names.AddRange(page.Items.Select(item => item.Name));
            cursor = page.Next;
        } while (cursor is not null);

        names.ShouldBe(["Owner", "M0", "M1", "M2", "M3", "M4"]);
        Code(await Host.Principals.ListAsync(owner, 2, "nonsense!", Ct)).ShouldBe("invalid_cursor");
        Code(await Host.Principals.ListAsync(owner, 2, "", Ct)).ShouldBe("invalid_cursor");
        Member(await Host.Principals.ListAsync(owner, 0, null, Ct)).ShouldBe("limit");
        Member(await Host.Principals.ListAsync(owner, 1001, null, Ct)).ShouldBe("limit");
    }

    private static NewMember New(string name, Role role) => new(name, PrincipalKind.Agent, role, null, null);
}
