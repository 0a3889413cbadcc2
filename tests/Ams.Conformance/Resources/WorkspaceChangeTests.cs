namespace Ams.Conformance.Resources;

public sealed class WorkspaceChangeTests
{
    [Fact, Promise(5, "A workspace is renamed by an owner")]
    public async Task An_owner_renames_the_workspace()
    {
        var world = await World.NewAsync();
        var admin = await world.MemberAsync("admin");

        (await world.Owner.PatchAsync("/v1/workspace", new { name = "New" }))
            .ShouldBe(200)
            .Json.GetProperty("workspace")
            .GetProperty("name")
            .GetString()
            .ShouldBe("New");
        (await admin.PatchAsync("/v1/workspace", new { name = "Mine" })).ShouldBeProblem("scope_missing");
        (await world.Owner.PatchAsync("/v1/workspace", new { slug = "other" }))
            .ShouldBeProblem("invalid_request")
            .ShouldName("slug");
    }

    [Fact]
    [Promise(5, "Deleting a workspace needs ?confirm=<slug>")]
    [Promise(3, "A deleted workspace's tokens are revoked")]
    public async Task A_deleted_workspace_takes_its_tokens_along()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");

        (await world.Owner.DeleteAsync("/v1/workspace")).ShouldBeProblem("invalid_request").ShouldName("confirm");
        (await world.Owner.DeleteAsync("/v1/workspace?confirm=another")).ShouldBeProblem("invalid_request").ShouldName("confirm");
        (await world.Owner.GetAsync("/v1/workspace")).ShouldBe(200);
        (await world.Owner.DeleteAsync($"/v1/workspace?confirm={world.Slug}")).ShouldBe(204);

        (await world.Owner.GetAsync("/v1/workspace")).ShouldBeProblem("token_revoked");
        (await agent.GetAsync("/v1/me")).ShouldBeProblem("token_revoked");
        (await room.CloseCodeAsync().WaitAsync(TimeSpan.FromSeconds(2))).ShouldBe(4501);
    }

    [Fact, Promise(3, "recover with the platform key answers 201 {owner_token}; other owner tokens are revoked")]
    public async Task A_lost_owner_token_is_replaced()
    {
        var world = await World.NewAsync();
        var member = await world.MemberAsync();

        (await RecoverAsync(world, world.Slug, "not-the-platform-key")).ShouldBeProblem("wrong_platform_key");
        (await RecoverAsync(world, "no-such-slug", world.Target.PlatformKey)).ShouldBeProblem("not_found");
        var recovered = (await RecoverAsync(world, world.Slug, world.Target.PlatformKey)).ShouldBe(201);

        var owner = world.Owner with { Token = recovered.Json.GetProperty("owner_token").GetString()! };
        (await owner.GetAsync("/v1/workspace")).ShouldBe(200);
        (await world.Owner.GetAsync("/v1/workspace")).ShouldBeProblem("token_revoked");
        (await member.GetAsync("/v1/me")).ShouldBe(200);
    }

    private static Task<Answer> RecoverAsync(World world, string slug, string key)
    {
        var request = (world.Owner with { Token = "" }).Request(HttpMethod.Post, $"/v1/workspaces/{slug}/recover", "{}");
        request.Headers.Add("X-Platform-Key", key);
        return Target.SendAsync(request);
    }
}
