namespace Ams.Conformance.Access;

public sealed class RotationTests
{
    [Fact, Promise(5, "rotate answers 201 with the new secret; the old one works for the overlap, 300 s when nothing is said")]
    public async Task Both_tokens_work_during_the_overlap()
    {
        var agent = await (await World.NewAsync()).MemberAsync();

        var rotated = await RotateAsync(agent, "{}");

        rotated.Token.ShouldNotBe(agent.Token);
        (await rotated.GetAsync("/v1/me")).ShouldBe(200);
        var old = (await agent.GetAsync("/v1/me")).ShouldBe(200).Json.GetProperty("token");
        var left = old.GetProperty("expires_at").GetDateTimeOffset() - DateTimeOffset.UtcNow;
        left.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(300));
    }

    [Fact, Promise(5, "The old token ends after the overlap")]
    public async Task The_old_token_ends_with_an_overlap_of_none()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");

        var rotated = await RotateAsync(agent, new { overlap_seconds = 0 });

        (await agent.GetAsync("/v1/me")).Status.ShouldBe(401);
        (await rotated.GetAsync("/v1/me")).ShouldBe(200);
        (await room.CloseCodeAsync().WaitAsync(TimeSpan.FromSeconds(2))).ShouldBe(4501);
        (await world.Owner.GetAsync("/v1/me")).ShouldBe(200);
    }

    [Fact, Promise(4, "token_expired: calls and sockets end with the token's time")]
    public async Task A_token_that_ends_soon_ends_its_socket_too()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var ends = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(3);
        var brief = await World.TokenAsync(agent, new { expires_at = ends.ToString("yyyy-MM-ddTHH:mm:ss.fffZ") });
        await using var room = await Room.OpenAsync(brief, channel);
        await room.NextAsync("caught_up");

        (await room.CloseCodeAsync()).ShouldBe(4501);

        DateTimeOffset.UtcNow.ShouldBeGreaterThanOrEqualTo(ends);
        (await brief.GetAsync("/v1/me")).ShouldBeProblem("token_expired");
    }

    [Theory, Promise(5, "overlap_seconds is 0 to 86400")]
    [InlineData(0, 201)]
    [InlineData(86400, 201)]
    [InlineData(-1, 400)]
    [InlineData(86401, 400)]
    public async Task An_overlap_is_at_most_a_day(int seconds, int status)
    {
        var agent = await (await World.NewAsync()).MemberAsync();

        (await agent.PostAsync($"/v1/tokens/{agent.TokenId}/rotate", new { overlap_seconds = seconds })).ShouldBe(status);
    }

    [Fact, Promise(3, "Nobody rotates a token beyond its own token's scopes; another's is an admin's")]
    public async Task Nobody_rotates_what_it_has_not()
    {
        var world = await World.NewAsync();
        var (agent, other) = (await world.MemberAsync(), await world.MemberAsync());
        var narrow = await World.TokenAsync(agent, new { scopes = new[] { "tokens:write" } });

        (await narrow.PostAsync($"/v1/tokens/{agent.TokenId}/rotate", "{}")).ShouldBeProblem("scope_missing");
        (await other.PostAsync($"/v1/tokens/{agent.TokenId}/rotate", "{}")).Status.ShouldBeOneOf(403, 404);
        (await (await world.MemberAsync("admin")).PostAsync($"/v1/tokens/{agent.TokenId}/rotate", "{}")).ShouldBe(201);
    }

    private static async Task<Actor> RotateAsync(Actor agent, object body)
    {
        var token = (await agent.PostAsync($"/v1/tokens/{agent.TokenId}/rotate", body)).ShouldBe(201).Json.GetProperty("token");
        return agent with { Token = token.GetProperty("secret").GetString()!, TokenId = token.GetProperty("id").GetString()! };
    }
}
