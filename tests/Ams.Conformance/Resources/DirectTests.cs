namespace Ams.Conformance.Resources;

public sealed class DirectTests
{
    [Fact, Promise(5, "POST /v1/direct answers 201 or 200 with the one direct channel of that set, the caller in it")]
    public async Task A_set_of_principals_has_one_direct_channel()
    {
        var world = await World.NewAsync();
        var (anna, ben) = (await world.MemberAsync(), await world.MemberAsync());

        var opened = (await anna.PostAsync("/v1/direct", Set(ben.Id))).ShouldBe(201);
        var again = (await ben.PostAsync("/v1/direct", Set(anna.Id, ben.Id, anna.Id))).ShouldBe(200);
        var wider = (await anna.PostAsync("/v1/direct", Set(ben.Id, world.Owner.Id))).ShouldBe(201);

        var id = IdOf(opened);
        opened.Header("Location").ShouldBe($"/v1/channels/{id}");
        IdOf(again).ShouldBe(id);
        IdOf(wider).ShouldNotBe(id);
        var channel = opened.Json.GetProperty("channel");
        channel.GetProperty("visibility").GetString().ShouldBe("direct");
        channel.TryGetProperty("name", out _).ShouldBeFalse();
    }

    [Fact, Promise(3, "A direct channel is private, between fixed principals")]
    public async Task A_direct_channel_is_its_set_s_only()
    {
        var world = await World.NewAsync();
        var (anna, ben, stranger) = (await world.MemberAsync(), await world.MemberAsync(), await world.MemberAsync());
        var direct = IdOf((await anna.PostAsync("/v1/direct", Set(ben.Id))).ShouldBe(201));

        (await ben.SayAsync(direct, new { text = "hello" }, "k")).ShouldBe(201);
        foreach (var outsider in new[] { stranger, world.Owner })
            (await outsider.GetAsync($"/v1/channels/{direct}")).ShouldBeProblem("not_found");
        (await anna.PutAsync($"/v1/channels/{direct}/members/{stranger.Id}")).ShouldBeProblem("invalid_request");
        (await anna.DeleteAsync($"/v1/channels/{direct}/members/{ben.Id}")).ShouldBeProblem("invalid_request");
        (await anna.PatchAsync($"/v1/channels/{direct}", new { name = "named" })).ShouldBeProblem("invalid_request");
        (await anna.GetAsync($"/v1/channels/{direct}/members"))
            .Items.Select(member => member.GetProperty("id").GetString()!)
            .ShouldBe([anna.Id, ben.Id], ignoreOrder: true);
    }

    [Fact, Promise(5, "A direct channel needs principals of the workspace")]
    public async Task A_direct_channel_with_nobody_is_refused()
    {
        var world = await World.NewAsync();
        var foreign = (await World.NewAsync()).Owner;

        (await world.Owner.PostAsync("/v1/direct", Set())).ShouldBeProblem("invalid_request").ShouldName("principals");
        (await world.Owner.PostAsync("/v1/direct", "{}")).ShouldBeProblem("invalid_request").ShouldName("principals");
        (await world.Owner.PostAsync("/v1/direct", Set(foreign.Id))).ShouldBeProblem("not_found");
    }

    private static object Set(params string[] principals) => new { principals };

    private static string IdOf(Answer answer) => answer.Json.GetProperty("channel").GetProperty("id").GetString()!;
}
