using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.TestKit.ControlPlane;

/// <summary>What channels promise over every database.</summary>
public abstract class ChannelContract : ControlPlaneContract
{
    private Caller _owner = null!;
    private Caller _ada = null!;
    private Caller _mo = null!;
    private Caller _ole = null!;

    [Fact]
    public async Task A_workspace_channel_is_seen_by_everybody_and_a_private_one_by_its_members_only()
    {
        await PeopleAsync();
        var open = await Host.AddChannelAsync(_mo, "open");
        var closed = await Host.AddChannelAsync(_mo, "closed", ChannelVisibility.Private, _ole.PrincipalId);

        (open.MaxHops, open.CreatedBy, open.CreatedAt).ShouldBe((30, _mo.PrincipalId, Time.GetUtcNow().AddMilliseconds(-1)));
        (await Host.Channels.GetAsync(_ada, open.Id, Ct)).Value.ShouldBe(open);
        (await Host.Channels.GetAsync(_ole, closed.Id, Ct)).Value.ShouldBe(closed);
        // Not even owners and admins: for them it does not exist.
        foreach (var outsider in (Caller[])[_owner, _ada])
        {
            Code(await Host.Channels.GetAsync(outsider, closed.Id, Ct)).ShouldBe("not_found");
            Code(await Host.Channels.UpdateAsync(outsider, closed.Id, new(null, "t", null), Ct)).ShouldBe("not_found");
            Code(await Host.Channels.SetArchivedAsync(outsider, closed.Id, true, Ct)).ShouldBe("not_found");
            Code(await Host.Channels.AddMemberAsync(outsider, closed.Id, outsider.PrincipalId, Ct)).ShouldBe("not_found");
            Code(await Host.Channels.ListMembersAsync(outsider, closed.Id, 100, null, Ct)).ShouldBe("not_found");
            (await NamesAsync(outsider)).ShouldBe(["open"]);
        }
        (await NamesAsync(_ole)).ShouldBe(["open", "closed"]);
    }

    [Fact]
    public async Task A_name_that_is_seen_is_taken_and_one_that_is_not_seen_is_not_given_away()
    {
        await PeopleAsync();
        await Host.AddChannelAsync(_mo, "builds");
        var secret = await Host.AddChannelAsync(_mo, "secret", ChannelVisibility.Private);

        Code(await CreateAsync(_ole, "builds")).ShouldBe("name_taken");
        Code(await CreateAsync(_ole, "builds", ChannelVisibility.Private)).ShouldBe("name_taken");
        Code(await CreateAsync(_mo, "secret")).ShouldBe("name_taken");
        var open = (await CreateAsync(_ole, "secret")).Value;

        // Whoever sees both finds both; renaming to a name that one sees is refused, to one that one does not see is not.
        (await Host.Channels.ListAsync(_mo, "secret", false, 100, null, Ct)).Value.Items.Count.ShouldBe(2);
        Code(await Host.Channels.UpdateAsync(_mo, secret.Id, new("builds", null, null), Ct)).ShouldBe("name_taken");
        (await Host.Channels.UpdateAsync(_ole, open.Id, new("other", null, null), Ct)).Value.Name.ShouldBe("other");
        (await Host.Channels.UpdateAsync(_ole, open.Id, new("secret", null, null), Ct)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_creators_of_one_channel_name_exactly_one_wins()
    {
        await PeopleAsync();

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => Task.Run(() => CreateAsync(i % 2 == 0 ? _mo : _ole, "builds")))
        );

        outcomes.Count(outcome => outcome.IsOk).ShouldBe(1);
        outcomes.Where(outcome => !outcome.IsOk).Select(Code).Distinct().ShouldBe(["name_taken"]);
    }

    [Fact]
    public async Task An_archived_channel_frees_its_name_and_takes_it_back_if_it_is_still_free()
    {
        await PeopleAsync();
        var first = await Host.AddChannelAsync(_mo, "builds");
        (await Host.Channels.GetAsync(_ole, first.Id, Ct)).Value.ArchivedAt.ShouldBeNull();

        (await Host.Channels.SetArchivedAsync(_mo, first.Id, true, Ct)).Value.ArchivedAt.ShouldBe(Time.GetUtcNow());
        (await Host.Channels.SetArchivedAsync(_mo, first.Id, true, Ct)).IsOk.ShouldBeTrue();

        (await Host.Channels.GetAsync(_ole, first.Id, Ct)).Value.ArchivedAt.ShouldNotBeNull();
        (await NamesAsync(_ole)).ShouldBeEmpty();
        (await Host.Channels.ListAsync(_ole, "builds", true, 100, null, Ct)).Value.Items.ShouldHaveSingleItem();
        var second = await Host.AddChannelAsync(_ole, "builds");
        Code(await Host.Channels.SetArchivedAsync(_mo, first.Id, false, Ct)).ShouldBe("name_taken");
        await Host.Channels.SetArchivedAsync(_ole, second.Id, true, Ct);
        (await Host.Channels.SetArchivedAsync(_mo, first.Id, false, Ct)).Value.ArchivedAt.ShouldBeNull();
        (await Host.Channels.SetArchivedAsync(_mo, first.Id, false, Ct)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_channel_is_managed_by_its_creator_and_by_admins_and_owners_who_can_see_it()
    {
        await PeopleAsync();
        var channel = await Host.AddChannelAsync(_mo, "builds");

        Code(await Host.Channels.UpdateAsync(_ole, channel.Id, new("BAD", null, null), Ct)).ShouldBe("role_too_low");
        Code(await Host.Channels.SetArchivedAsync(_ole, channel.Id, true, Ct)).ShouldBe("role_too_low");
        Code(await Host.Channels.AddMemberAsync(_ole, channel.Id, _ada.PrincipalId, Ct)).ShouldBe("role_too_low");
        (await Host.Channels.UpdateAsync(_mo, channel.Id, new(null, "t1", null), Ct)).Value.Topic.ShouldBe("t1");
        (await Host.Channels.UpdateAsync(_ada, channel.Id, new(null, null, 5), Ct)).Value.MaxHops.ShouldBe(5);
        (await Host.Channels.UpdateAsync(_owner, channel.Id, new("b2", "", null), Ct)).Value.ShouldBe(
            channel with
            {
                Name = "b2",
                MaxHops = 5,
            }
        );
        (await Host.Channels.GetAsync(_ole, channel.Id, Ct)).Value.Name.ShouldBe("b2");
    }

    [Fact]
    public async Task One_joins_and_leaves_a_workspace_channel_oneself()
    {
        await PeopleAsync();
        var channel = await Host.AddChannelAsync(_mo, "builds");
        var told = new List<AccessChange>();
        using var subscription = Host.AccessChanges.Subscribe(told.Add);

        for (var i = 0; i < 2; i++)
            (await Host.Channels.AddMemberAsync(_ole, channel.Id, _ole.PrincipalId, Ct)).IsOk.ShouldBeTrue();
        (await Host.Channels.AddMemberAsync(_mo, channel.Id, _ada.PrincipalId, Ct)).IsOk.ShouldBeTrue();
        (await MembersAsync(_mo, channel)).ShouldBe([_ole.PrincipalId, _ada.PrincipalId]);
        Code(await Host.Channels.RemoveMemberAsync(_ole, channel.Id, _ada.PrincipalId, Ct)).ShouldBe("role_too_low");
        for (var i = 0; i < 2; i++)
            (await Host.Channels.RemoveMemberAsync(_ole, channel.Id, _ole.PrincipalId, Ct)).IsOk.ShouldBeTrue();

        (await MembersAsync(_mo, channel)).ShouldBe([_ada.PrincipalId]);
        told.Select(change => (change.Kind, change.PrincipalId))
            .ShouldBe([
                (AccessChangeKind.MembershipChanged, _ole.PrincipalId),
                (AccessChangeKind.MembershipChanged, _ada.PrincipalId),
                (AccessChangeKind.MembershipChanged, _ole.PrincipalId),
            ]);
    }

    [Fact]
    public async Task A_private_channel_is_gained_and_lost_at_once_and_its_last_member_may_leave()
    {
        await PeopleAsync();
        var channel = await Host.AddChannelAsync(_mo, "ops", ChannelVisibility.Private);
        Code(await Host.Channels.GetAsync(_ole, channel.Id, Ct)).ShouldBe("not_found");

        await Host.Channels.AddMemberAsync(_mo, channel.Id, _ole.PrincipalId, Ct);
        (await Host.Channels.GetAsync(_ole, channel.Id, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Channels.AddMemberAsync(_ole, channel.Id, _ada.PrincipalId, Ct)).ShouldBe("role_too_low");
        await Host.Channels.RemoveMemberAsync(_mo, channel.Id, _ole.PrincipalId, Ct);
        Code(await Host.Channels.GetAsync(_ole, channel.Id, Ct)).ShouldBe("not_found");
        (await Host.Channels.RemoveMemberAsync(_mo, channel.Id, _mo.PrincipalId, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Channels.GetAsync(_mo, channel.Id, Ct)).ShouldBe("not_found");
        Code(await Host.Channels.SetArchivedAsync(_mo, channel.Id, true, Ct)).ShouldBe("not_found");
    }

    [Fact]
    public async Task A_channel_that_was_read_before_is_found_without_waiting()
    {
        await PeopleAsync();
        var channel = await Host.AddChannelAsync(_mo, "ops", ChannelVisibility.Private, _ole.PrincipalId);
        await Host.Channels.GetAsync(_ole, channel.Id, Ct);
        await Host.Channels.GetAsync(_ada, channel.Id, Ct);

        var seen = Host.Channels.GetAsync(_ole, channel.Id, Ct);
        seen.IsCompletedSuccessfully.ShouldBeTrue();
        var hidden = Host.Channels.GetAsync(_ada, channel.Id, Ct);
        hidden.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task There_is_one_direct_channel_of_a_set()
    {
        await PeopleAsync();

        var opened = await Task.WhenAll(
            Task.Run(() => Host.Channels.OpenDirectAsync(_mo, [_ole.PrincipalId, _ada.PrincipalId], Ct)),
            Task.Run(() => Host.Channels.OpenDirectAsync(_ada, [_mo.PrincipalId, _ole.PrincipalId, _mo.PrincipalId], Ct)),
            Task.Run(() => Host.Channels.OpenDirectAsync(_ole, [_ole.PrincipalId, _ada.PrincipalId, _mo.PrincipalId], Ct))
        );

        var channel = opened[0].Value.Channel;
        opened.Count(outcome => outcome.Value.Created).ShouldBe(1);
        opened.ShouldAllBe(outcome => outcome.Value.Channel.Id == channel.Id);
        (channel.Name, channel.Visibility).ShouldBe((null, ChannelVisibility.Direct));
        channel.DirectMembers!.ShouldBe([_mo.PrincipalId, _ole.PrincipalId, _ada.PrincipalId], ignoreOrder: true);
        Code(await Host.Channels.GetAsync(_owner, channel.Id, Ct)).ShouldBe("not_found");
        (await Host.Channels.OpenDirectAsync(_mo, [_ole.PrincipalId], Ct)).Value.Created.ShouldBeTrue();
    }

    [Fact]
    public async Task The_members_of_a_direct_channel_are_fixed_and_it_has_no_name()
    {
        await PeopleAsync();
        var channel = (await Host.Channels.OpenDirectAsync(_mo, [_ole.PrincipalId], Ct)).Value.Channel;

        Code(await Host.Channels.AddMemberAsync(_mo, channel.Id, _ada.PrincipalId, Ct)).ShouldBe("invalid_request");
        Code(await Host.Channels.RemoveMemberAsync(_ole, channel.Id, _ole.PrincipalId, Ct)).ShouldBe("invalid_request");
        Member(await Host.Channels.UpdateAsync(_mo, channel.Id, new("name", null, null), Ct)).ShouldBe("name");
        Member(await Host.Channels.OpenDirectAsync(_mo, [], Ct)).ShouldBe("principals");
        Member(await CreateAsync(_mo, "x", ChannelVisibility.Direct)).ShouldBe("visibility");
    }

    [Theory]
    [InlineData("a", null, null, null)]
    [InlineData("0.a_b-c", null, null, null)]
    [InlineData("A", null, null, "name")]
    [InlineData("", null, null, "name")]
    [InlineData(".a", null, null, "name")]
    [InlineData("a b", null, null, "name")]
    [InlineData("a", 250, null, null)]
    [InlineData("a", 251, null, "topic")]
    [InlineData("a", null, 1, null)]
    [InlineData("a", null, 1000, null)]
    [InlineData("a", null, 0, "max_hops")]
    [InlineData("a", null, 1001, "max_hops")]
    public async Task A_channel_keeps_its_form(string name, int? topicLength, int? maxHops, string? refused)
    {
        await PeopleAsync();
        var topic = topicLength is { } length ? new string('t', length) : null;

        Member(await Host.Channels.CreateAsync(_mo, new(name, topic, ChannelVisibility.Workspace, null, maxHops), Ct))
            .ShouldBe(refused);
    }

    [Fact]
    public async Task A_name_has_at_most_80_characters()
    {
        await PeopleAsync();
        (await CreateAsync(_mo, new string('a', 80))).IsOk.ShouldBeTrue();
        Member(await CreateAsync(_mo, new string('a', 81))).ShouldBe("name");
    }

    [Fact]
    public async Task Lists_of_channels_and_members_are_read_in_pages()
    {
        await PeopleAsync();
        for (var i = 0; i < 3; i++)
            await Host.AddChannelAsync(_mo, $"c{i}");
        var team = await Host.AddChannelAsync(_mo, "team", ChannelVisibility.Private, _ole.PrincipalId, _ada.PrincipalId);

        var first = (await Host.Channels.ListAsync(_mo, null, false, 3, null, Ct)).Value;
        var second = (await Host.Channels.ListAsync(_mo, null, false, 3, first.Next, Ct)).Value;
        first.Items.Concat(second.Items).Select(channel => channel.Name).ShouldBe(["c0", "c1", "c2", "team"]);
        second.Next.ShouldBeNull();

        var firstMembers = (await Host.Channels.ListMembersAsync(_mo, team.Id, 2, null, Ct)).Value;
        var restMembers = (await Host.Channels.ListMembersAsync(_mo, team.Id, 2, firstMembers.Next, Ct)).Value;
        firstMembers.Items.Concat(restMembers.Items).Select(member => member.Name).ShouldBe(["Mo", "Ole", "Ada"]);
        Code(await Host.Channels.ListMembersAsync(_mo, team.Id, 2, first.Next, Ct)).ShouldBe("invalid_cursor");
    }

    private async Task PeopleAsync()
    {
        _owner = await Host.FoundAsync("acme");
        (_ada, _) = await Host.AddAsync(_owner, "Ada", Role.Admin);
        (_mo, _) = await Host.AddAsync(_owner, "Mo", Role.Member);
        (_ole, _) = await Host.AddAsync(_owner, "Ole", Role.Member);
    }

    private Task<Outcome<ChannelRecord>> CreateAsync(
        Caller by,
        string name,
        ChannelVisibility visibility = ChannelVisibility.Workspace
    ) => Host.Channels.CreateAsync(by, new(name, null, visibility, null, null), Ct);

    private async Task<IEnumerable<string?>> NamesAsync(Caller by) =>
        (await Host.Channels.ListAsync(by, null, false, 100, null, Ct)).Value.Items.Select(channel => channel.Name);

    private async Task<IEnumerable<string>> MembersAsync(Caller by, ChannelRecord channel) =>
        (await Host.Channels.ListMembersAsync(by, channel.Id, 100, null, Ct)).Value.Items.Select(member => member.Id);
}
