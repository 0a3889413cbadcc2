namespace Ams.Conformance.Access;

public sealed class WallTests
{
    [Fact, Promise(3, "What belongs to another workspace is 404, never 403")]
    public async Task Another_workspace_does_not_exist()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "secret");
        var stranger = (await World.NewAsync()).Owner;

        foreach (
            var path in new[]
            {
                $"/v1/channels/{channel}",
                $"/v1/channels/{channel}/messages",
                $"/v1/channels/{channel}/messages/1",
                $"/v1/channels/{channel}/events",
                $"/v1/members/{agent.Id}/tokens",
            }
        )
            (await stranger.GetAsync(path)).ShouldBeProblem("not_found");
        (await stranger.SayAsync(channel, new { text = "x" }, "k")).ShouldBeProblem("not_found");
        (await stranger.DeleteAsync($"/v1/channels/{channel}")).ShouldBeProblem("not_found");
        (await stranger.DeleteAsync($"/v1/tokens/{agent.TokenId}")).ShouldBeProblem("not_found");
        (await stranger.PostAsync($"/v1/members/{agent.Id}/tokens", new { name = "x" })).ShouldBeProblem("not_found");
        (await Room.KnockAsync(stranger, Room.Path(channel))).ShouldBeProblem("not_found");
        (await world.Owner.GetAsync("/v1/me")).ShouldBe(200);
    }

    [Fact, Promise(3, "A private channel does not exist for who is no member of it, owners included")]
    public async Task A_private_channel_is_its_members_only()
    {
        var (world, agent, _) = await World.WithChannelAsync();
        var channel = await World.ChannelAsync(agent, new { name = "hidden", visibility = "private" });
        var other = await world.MemberAsync();

        foreach (var outsider in new[] { world.Owner, other })
        {
            (await outsider.GetAsync($"/v1/channels/{channel}")).ShouldBeProblem("not_found");
            (await outsider.GetAsync($"/v1/channels/{channel}/events")).ShouldBeProblem("not_found");
            (await outsider.SayAsync(channel, new { text = "x" }, "k")).ShouldBeProblem("not_found");
            (await Room.KnockAsync(outsider, Room.Path(channel))).ShouldBeProblem("not_found");
            (await outsider.GetAsync("/v1/channels")).Text.ShouldNotContain(channel);
        }
        (await agent.SayAsync(channel, new { text = "x" }, "k")).ShouldBe(201);
        (await agent.GetAsync("/v1/channels")).Text.ShouldContain(channel);
    }

    [Fact, Promise(5, "A channel's name is unique among those its creator can see, so a private name is not given away")]
    public async Task A_private_name_is_not_given_away()
    {
        var (world, agent, _) = await World.WithChannelAsync();
        await World.ChannelAsync(agent, new { name = "plans", visibility = "private" });

        (await world.Owner.PostAsync("/v1/channels", new { name = "plans" })).ShouldBe(201);
        (await agent.PostAsync("/v1/channels", new { name = "plans" })).ShouldBeProblem("name_taken");
    }

    [Fact, Promise(3, "Order of judgement: 401, scope 403, visibility 404, then 413/415/400, then the key")]
    public async Task What_is_wrong_first_is_told_first()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var narrow = await world.MemberAsync(scopes: ["messages:read"]);
        const string none = "chn_none";

        (await (agent with { Token = "" }).SayAsync(none, (object)"{", null)).ShouldBeProblem("missing_token");
        (await narrow.SayAsync(none, (object)"{", null)).ShouldBeProblem("scope_missing");
        (await agent.SayAsync(none, (object)"{", null)).ShouldBeProblem("not_found");
        (await agent.SayAsync(channel, (object)"{", null)).ShouldBeProblem("invalid_json");
        (await agent.SayAsync(channel, (object)"""{"text":"x"}""", null)).ShouldBeProblem("idempotency_key_required");
        (await agent.SayAsync(channel, (object)"""{"text":"x"}""", "k")).ShouldBe(201);
    }

    [Theory, Promise(3, "Each call needs its scope; scope_missing names it")]
    [InlineData("GET", "/v1/workspace", "workspace:read")]
    [InlineData("GET", "/v1/members", "members:read")]
    [InlineData("POST", "/v1/members", "members:write")]
    [InlineData("GET", "/v1/channels", "channels:read")]
    [InlineData("POST", "/v1/channels", "channels:write")]
    [InlineData("GET", "/v1/channels/{0}", "channels:read")]
    [InlineData("DELETE", "/v1/channels/{0}", "channels:write")]
    [InlineData("POST", "/v1/channels/{0}/messages", "messages:write")]
    [InlineData("GET", "/v1/channels/{0}/messages", "messages:read")]
    [InlineData("GET", "/v1/channels/{0}/messages/1", "messages:read")]
    [InlineData("GET", "/v1/channels/{0}/events", "messages:read")]
    public async Task A_call_without_its_scope_is_refused_by_name(string method, string path, string scope)
    {
        var (world, _, channel) = await World.WithChannelAsync();
        string[] all =
        [
            "workspace:read",
            "members:read",
            "members:write",
            "tokens:write",
            "channels:read",
            "channels:write",
            "messages:read",
            "messages:write",
        ];
        var actor = await world.MemberAsync("admin", scopes: [.. all.Where(name => name != scope)]);

        var answer = await Target.SendAsync(
            actor.Request(new HttpMethod(method), string.Format(path, channel), method == "POST" ? "{}" : null)
        );

        answer.ShouldBeProblem("scope_missing").Json.GetProperty("detail").GetString()!.ShouldContain(scope);
    }

    [Fact, Promise(3, "An admin may do everything but touch owners")]
    public async Task An_admin_makes_no_owner()
    {
        var world = await World.NewAsync();
        var admin = await world.MemberAsync("admin");

        (
            await admin.PostAsync(
                "/v1/members",
                new
                {
                    name = "new",
                    kind = "human",
                    role = "owner",
                }
            )
        ).ShouldBeProblem("role_too_low");
        (
            await admin.PostAsync(
                "/v1/members",
                new
                {
                    name = "new",
                    kind = "human",
                    role = "admin",
                }
            )
        ).ShouldBe(201);
        (await admin.PostAsync($"/v1/members/{world.Owner.Id}/tokens", new { name = "x" })).ShouldBeProblem("role_too_low");
    }
}
