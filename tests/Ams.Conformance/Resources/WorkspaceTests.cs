namespace Ams.Conformance.Resources;

public sealed class WorkspaceTests
{
    [Fact, Promise(5, "POST /v1/workspaces answers 201 {workspace, owner, owner_token}")]
    public async Task A_workspace_comes_with_an_owner_and_its_token()
    {
        var target = await Target.SharedAsync();
        var slug = World.NewName("acme");

        var answer = (await World.CreateAsync(target, new { name = "Acme", slug })).ShouldBe(201);

        answer.Json.GetProperty("workspace").GetProperty("slug").GetString().ShouldBe(slug);
        answer.Json.GetProperty("workspace").GetProperty("id").GetString()!.ShouldStartWith("wsp_");
        answer.Json.GetProperty("owner").GetProperty("id").GetString()!.ShouldStartWith("prn_");
        answer.Json.GetProperty("owner").GetProperty("role").GetString().ShouldBe("owner");
        answer.Header("Location").ShouldNotBeNull();
    }

    [Fact, Promise(5, "A taken slug is 409 slug_taken")]
    public async Task A_slug_is_taken_once()
    {
        var world = await World.NewAsync();

        (await World.CreateAsync(world.Target, new { name = "B", slug = world.Slug })).ShouldBeProblem("slug_taken");
    }

    [Theory, Promise(4, "wrong_platform_key is 401")]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Without_the_platform_key_there_is_no_workspace(string key)
    {
        var target = await Target.SharedAsync();

        (await World.CreateAsync(target, new { name = "A", slug = World.NewName("a") }, key)).ShouldBeProblem(
            "wrong_platform_key"
        );
    }

    [Fact, Promise(5, "GET /v1/me answers {principal, workspace, token}")]
    public async Task Me_is_who_the_token_says()
    {
        var world = await World.NewAsync();
        var agent = await world.MemberAsync(scopes: ["messages:read"]);

        var me = (await agent.GetAsync("/v1/me")).ShouldBe(200).Json;

        me.GetProperty("principal").GetProperty("id").GetString().ShouldBe(agent.Id);
        me.GetProperty("workspace").GetProperty("slug").GetString().ShouldBe(world.Slug);
        me.GetProperty("token").GetProperty("scopes").GetRawText().ShouldBe("""["messages:read"]""");
        me.GetProperty("token").GetProperty("id").GetString().ShouldBe(agent.TokenId);
    }

    [Fact, Promise(5, "GET /v1/workspace is the token's workspace")]
    public async Task The_workspace_is_the_tokens()
    {
        var world = await World.NewAsync();

        var answer = (await world.Owner.GetAsync("/v1/workspace")).ShouldBe(200);

        answer.Json.GetProperty("workspace").GetProperty("slug").GetString().ShouldBe(world.Slug);
    }
}
