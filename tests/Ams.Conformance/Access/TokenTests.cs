namespace Ams.Conformance.Access;

public sealed class TokenTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact, Promise(3, "A token is wat_, 40 base-62 characters, then a 6-character base-62 CRC-32 of everything before it")]
    public async Task A_token_bears_its_own_checksum()
    {
        var token = (await World.NewAsync()).Owner.Token;

        token.ShouldStartWith("wat_");
        token.Length.ShouldBe(50);
        token[4..].ShouldAllBe(character => Digits.Contains(character));
        token[44..].ShouldBe(Checksum(token[..44]));
    }

    [Fact, Promise(3, "A typo is told from a wrong token")]
    public async Task A_typo_is_malformed_and_a_stranger_unknown()
    {
        var agent = (await World.NewAsync()).Owner;
        var flipped = agent.Token[10] == 'a' ? 'b' : 'a';
        var stranger = "wat_" + new string('7', 40);

        foreach (
            var typo in new[]
            {
                $"{agent.Token[..10]}{flipped}{agent.Token[11..]}",
                agent.Token[..^1],
                agent.Token + "0",
                "wat_",
                "x",
            }
        )
            (await (agent with { Token = typo }).GetAsync("/v1/me")).ShouldBeProblem("malformed_token");
        (await (agent with { Token = stranger + Checksum(stranger) }).GetAsync("/v1/me")).ShouldBeProblem("unknown_token");
        (await (agent with { Token = "" }).GetAsync("/v1/me")).ShouldBeProblem("missing_token");
    }

    [Theory, Promise(3, "Authorization: Bearer is the only door")]
    [InlineData("Basic {0}")]
    [InlineData("Bearer")]
    [InlineData("{0}")]
    public async Task Another_authorization_is_no_token(string header)
    {
        var agent = (await World.NewAsync()).Owner;
        var request = (agent with { Token = "" }).Request(HttpMethod.Get, "/v1/me");
        request.Headers.TryAddWithoutValidation("Authorization", string.Format(header, agent.Token));

        (await Target.SendAsync(request)).Status.ShouldBe(401);
    }

    [Fact, Promise(3, "Revoking a token takes effect at once, for live sockets too")]
    public async Task A_revoked_token_ends_its_calls_and_its_socket_within_the_bound()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");

        (await world.Owner.DeleteAsync($"/v1/tokens/{agent.TokenId}")).ShouldBe(204);
        (await world.Owner.DeleteAsync($"/v1/tokens/{agent.TokenId}")).ShouldBe(204);

        (await agent.GetAsync("/v1/me")).ShouldBeProblem("token_revoked");
        (await room.CloseCodeAsync().WaitAsync(TimeSpan.FromSeconds(2))).ShouldBe(4501);
    }

    [Fact, Promise(5, "The secret is shown once, in the answer that creates it")]
    public async Task A_secret_is_never_listed()
    {
        var (world, agent, _) = await World.WithChannelAsync();

        var list = (await world.Owner.GetAsync($"/v1/members/{agent.Id}/tokens")).ShouldBe(200);

        list.Items.ShouldHaveSingleItem().TryGetProperty("secret", out _).ShouldBeFalse();
        list.Text.ShouldNotContain(agent.Token);
    }

    [Fact, Promise(3, "A token never has a scope beyond its principal's role; nobody mints one beyond its own token's")]
    public async Task Nobody_mints_what_it_has_not()
    {
        var (_, agent, _) = await World.WithChannelAsync();
        var minted = await agent.PostAsync(
            $"/v1/members/{agent.Id}/tokens",
            new { scopes = new[] { "tokens:write", "channels:read" } }
        );
        var narrow = agent with { Token = minted.ShouldBe(201).Json.GetProperty("token").GetProperty("secret").GetString()! };

        (await agent.PostAsync($"/v1/members/{agent.Id}/tokens", new { scopes = new[] { "audit:read" } })).Status.ShouldBe(400);
        (await agent.PostAsync($"/v1/members/{agent.Id}/tokens", new { scopes = new[] { "no:such" } })).ShouldBeProblem(
            "invalid_request"
        );
        (await narrow.PostAsync($"/v1/members/{agent.Id}/tokens", new { scopes = new[] { "messages:read" } })).ShouldBeProblem(
            "scope_missing"
        );
        var shared = (await narrow.PostAsync($"/v1/members/{agent.Id}/tokens", new { name = "default" })).ShouldBe(201);
        shared
            .Json.GetProperty("token")
            .GetProperty("scopes")
            .EnumerateArray()
            .Select(scope => scope.GetString())
            .ShouldBe(["tokens:write", "channels:read"], ignoreOrder: true);
    }

    [Fact, Promise(4, "token_expired: the token's time has passed")]
    public async Task A_token_ends_at_its_time()
    {
        var (_, agent, _) = await World.WithChannelAsync();
        var past = await agent.PostAsync($"/v1/members/{agent.Id}/tokens", new { expires_at = "2020-01-01T00:00:00.000Z" });

        past.ShouldBeProblem("invalid_request").ShouldName("expires_at");
    }

    // CRC-32 as in ISO-HDLC, bit by bit: written here again, so that the server's own is checked and not trusted.
    private static uint Divide(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    }

    private static string Checksum(string text)
    {
        var value = ~text.Aggregate(uint.MaxValue, (crc, character) => Divide(crc ^ character));
        var characters = new char[6];
        for (var i = 5; i >= 0; i--, value /= 62)
            characters[i] = Digits[(int)(value % 62)];
        return new string(characters);
    }
}
