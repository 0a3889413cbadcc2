namespace Ams.Conformance.Resources;

public sealed class MemberChangeTests
{
    [Fact, Promise(5, "One changes oneself, but the role, with any token; others are an admin's")]
    public async Task A_member_changes_its_own_name_and_not_its_role()
    {
        var world = await World.NewAsync();
        var (me, other) = (await world.MemberAsync(scopes: ["messages:read"]), await world.MemberAsync());
        var name = World.NewName("me");

        var changed = (await me.PatchAsync($"/v1/members/{me.Id}", new { name, description = "who I am" })).ShouldBe(200);

        changed.Json.GetProperty("member").GetProperty("name").GetString().ShouldBe(name);
        changed.Json.GetProperty("member").GetProperty("description").GetString().ShouldBe("who I am");
        (await me.PatchAsync($"/v1/members/{me.Id}", new { role = "admin" })).Status.ShouldBe(403);
        (await other.PatchAsync($"/v1/members/{me.Id}", new { name = "x" })).ShouldBeProblem("scope_missing");
        (await world.Owner.PatchAsync($"/v1/members/{me.Id}", new { role = "admin" }))
            .ShouldBe(200)
            .Json.GetProperty("member")
            .GetProperty("role")
            .GetString()
            .ShouldBe("admin");
    }

    [Fact, Promise(5, "Removing a member revokes its tokens and keeps its messages; it can still be read by id, with removed_at")]
    public async Task A_removed_member_is_gone_and_what_it_said_is_not()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var said = await agent.SayAsync(channel, "I was here");

        (await world.Owner.DeleteAsync($"/v1/members/{agent.Id}")).ShouldBe(204);
        (await world.Owner.DeleteAsync($"/v1/members/{agent.Id}")).ShouldBe(204);

        (await agent.GetAsync("/v1/me")).ShouldBeProblem("token_revoked");
        (await world.Owner.GetAsync($"/v1/channels/{channel}/events")).RawItems.ShouldBe([said.Text]);
        (await world.Owner.GetAsync($"/v1/members/{agent.Id}"))
            .ShouldBe(200)
            .Json.GetProperty("member")
            .GetProperty("removed_at")
            .GetString()
            .ShouldNotBeNullOrEmpty();
        (await world.Owner.GetAsync("/v1/members")).Text.ShouldNotContain(agent.Id);
    }

    [Fact, Promise(5, "A removed member's name is free again")]
    public async Task A_removed_name_is_free()
    {
        var world = await World.NewAsync();
        var first = await world.MemberAsync(name: "bot");
        (await world.Owner.DeleteAsync($"/v1/members/{first.Id}")).ShouldBe(204);

        (await world.MemberAsync(name: "bot")).Id.ShouldNotBe(first.Id);
    }

    [Fact, Promise(3, "A workspace keeps at least one owner: 409 last_owner")]
    public async Task The_last_owner_stays()
    {
        var world = await World.NewAsync();
        var me = $"/v1/members/{world.Owner.Id}";

        (await world.Owner.DeleteAsync(me)).ShouldBeProblem("last_owner");
        (await world.Owner.PatchAsync(me, new { role = "admin" })).ShouldBeProblem("last_owner");
        await world.MemberAsync("owner");
        (await world.Owner.DeleteAsync(me)).ShouldBe(204);
    }

    [Fact, Promise(3, "An admin does not touch owners, a member nobody")]
    public async Task Roles_below_do_not_reach_up()
    {
        var world = await World.NewAsync();
        var (admin, member) = (await world.MemberAsync("admin"), await world.MemberAsync());

        (await admin.PatchAsync($"/v1/members/{world.Owner.Id}", new { name = "x" })).ShouldBeProblem("role_too_low");
        (await admin.DeleteAsync($"/v1/members/{world.Owner.Id}")).ShouldBeProblem("role_too_low");
        (await admin.PatchAsync($"/v1/members/{member.Id}", new { role = "owner" })).ShouldBeProblem("role_too_low");
        (await member.DeleteAsync($"/v1/members/{admin.Id}")).ShouldBeProblem("scope_missing");
    }
}
