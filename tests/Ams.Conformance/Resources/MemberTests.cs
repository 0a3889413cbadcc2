namespace Ams.Conformance.Resources;

public sealed class MemberTests
{
    [Theory, Promise(5, "POST /v1/members checks name, kind and role")]
    [InlineData("""{"kind":"agent","role":"member"}""", "name")]
    [InlineData("""{"name":"","kind":"agent","role":"member"}""", "name")]
    [InlineData("""{"name":"x","kind":"robot","role":"member"}""", "kind")]
    [InlineData("""{"name":"x","kind":"agent","role":"king"}""", "role")]
    [InlineData("""{"name":"x","kind":"agent","role":"member","scopes":["audit:read"]}""", "scopes")]
    [InlineData("""{"name":"x","kind":"agent","role":"member","scopes":["nonsense"]}""", "scopes")]
    public async Task A_bad_member_is_named(string body, string member)
    {
        var owner = (await World.NewAsync()).Owner;

        (await owner.PostAsync("/v1/members", body)).ShouldBeProblem("invalid_request").ShouldName(member);
    }

    [Fact, Promise(5, "Names of members are unique among those not removed")]
    public async Task A_name_is_taken_once()
    {
        var owner = (await World.NewAsync()).Owner;
        (
            await owner.PostAsync(
                "/v1/members",
                new
                {
                    name = "Bot",
                    kind = "agent",
                    role = "member",
                }
            )
        ).ShouldBe(201);

        (
            await owner.PostAsync(
                "/v1/members",
                new
                {
                    name = "Bot",
                    kind = "agent",
                    role = "member",
                }
            )
        ).ShouldBeProblem("name_taken");
    }

    [Fact, Promise(5, "Lists page by limit and cursor; next is omitted on the last page")]
    public async Task Pages_of_a_list_meet_without_gap_or_overlap()
    {
        var world = await World.NewAsync();
        var ids = new List<string> { world.Owner.Id };
        while (ids.Count < 7)
            ids.Add((await world.MemberAsync()).Id);

        var seen = new List<string>();
        var path = "/v1/members?limit=3";
        for (var page = 0; page < 10; page++)
        {
            var answer = (await world.Owner.GetAsync(path)).ShouldBe(200);
            seen.AddRange(answer.Items.Select(item => item.GetProperty("id").GetString()!));
            if (!answer.Json.TryGetProperty("next", out var next))
                break;
            path = $"/v1/members?limit=3&cursor={Uri.EscapeDataString(next.GetString()!)}";
        }

        seen.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact, Promise(4, "A cursor that is none is 400 invalid_cursor")]
    public async Task A_cursor_that_is_none_is_refused()
    {
        var owner = (await World.NewAsync()).Owner;

        (await owner.GetAsync("/v1/members?cursor=nonsense")).ShouldBeProblem("invalid_cursor");
        (await owner.GetAsync("/v1/channels?cursor=%00%ff")).ShouldBeProblem("invalid_cursor");
    }
}
