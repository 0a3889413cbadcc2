namespace Ams.Conformance.Resources;

public sealed class AuditTests
{
    [Fact, Promise(5, "GET /v1/audit tells who did what in the control plane, newest first")]
    public async Task The_audit_log_tells_the_newest_first()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        (await agent.PatchAsync($"/v1/channels/{channel}", new { topic = "t" })).ShouldBe(200);

        var entries = (await world.Owner.GetAsync("/v1/audit")).ShouldBe(200).Items;

        entries
            .Select(entry => entry.GetProperty("action").GetString())
            .ShouldBe(["channel.updated", "channel.created", "member.created", "workspace.created"]);
        entries[0].GetProperty("actor_id").GetString().ShouldBe(agent.Id);
        entries[0].GetProperty("target_id").GetString().ShouldBe(channel);
        entries[0].GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
        entries.Select(entry => entry.GetProperty("at").GetString()!).Reverse().ShouldBeInOrder();
        entries.ShouldAllBe(entry => !entry.GetRawText().Contains("wat_"));
    }

    [Fact, Promise(5, "The audit log is asked by actor, action, after and before, and pages")]
    public async Task The_audit_log_is_asked_for_a_part()
    {
        var (world, agent, _) = await World.WithChannelAsync();
        await World.ChannelAsync(agent, new { name = "second" });

        (await AskAsync(world, $"?actor={agent.Id}")).Count.ShouldBe(2);
        (await AskAsync(world, "?action=channel.created")).Count.ShouldBe(2);
        (await AskAsync(world, $"?action=channel.created&actor={world.Owner.Id}")).ShouldBeEmpty();
        (await AskAsync(world, "?after=2999-01-01T00:00:00.000Z")).ShouldBeEmpty();
        (await AskAsync(world, "?before=2000-01-01T00:00:00.000Z")).ShouldBeEmpty();
        (await AskAsync(world, "?after=2000-01-01T00:00:00.000Z&before=2999-01-01T00:00:00.000Z")).Count.ShouldBe(4);
        var first = (await world.Owner.GetAsync("/v1/audit?limit=3")).ShouldBe(200);
        var rest = (
            await world.Owner.GetAsync($"/v1/audit?limit=3&cursor={first.Json.GetProperty("next").GetString()}")
        ).ShouldBe(200);
        rest.Items.ShouldHaveSingleItem();
        rest.Json.TryGetProperty("next", out _).ShouldBeFalse();
        (await world.Owner.GetAsync("/v1/audit?after=yesterday")).ShouldBeProblem("invalid_request").ShouldName("after");
    }

    [Fact, Promise(5, "The audit log needs audit:read, and an admin")]
    public async Task A_member_does_not_read_the_audit_log()
    {
        var world = await World.NewAsync();

        (await (await world.MemberAsync()).GetAsync("/v1/audit")).ShouldBeProblem("scope_missing");
        (await (await world.MemberAsync("admin")).GetAsync("/v1/audit")).ShouldBe(200);
    }

    [Fact, Promise(3, "A refusal stores nothing, in the audit log either")]
    public async Task A_refused_change_is_not_in_the_audit_log()
    {
        var world = await World.NewAsync();
        var before = await AskAsync(world, "");

        (await world.Owner.PostAsync("/v1/channels", new { name = "NOT ONE" })).Status.ShouldBe(400);

        (await AskAsync(world, "")).Count.ShouldBe(before.Count);
    }

    private static async Task<IReadOnlyList<string>> AskAsync(World world, string query) =>
        (await world.Owner.GetAsync($"/v1/audit{query}")).ShouldBe(200).RawItems;
}
