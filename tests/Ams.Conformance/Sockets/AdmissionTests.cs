namespace Ams.Conformance.Sockets;

public sealed class AdmissionTests
{
    [Fact, Promise(8, "Before the upgrade the faults are plain HTTP problems")]
    public async Task A_refused_upgrade_is_a_plain_problem()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var narrow = await world.MemberAsync(scopes: ["channels:read"]);

        (await Room.KnockAsync(agent with { Token = "" }, Room.Path(channel))).ShouldBeProblem("missing_token");
        (await Room.KnockAsync(agent with { Token = "wat_x" }, Room.Path(channel))).ShouldBeProblem("malformed_token");
        (await Room.KnockAsync(narrow, Room.Path(channel))).ShouldBeProblem("scope_missing");
        (await Room.KnockAsync(agent, Room.Path("chn_none"))).ShouldBeProblem("not_found");
        (await Room.KnockAsync(agent, Room.Path(channel, 1))).ShouldBeProblem("invalid_cursor");
        (await Room.KnockAsync(agent, Room.Path(channel, -1))).ShouldBeProblem("invalid_cursor");
        (await Room.KnockAsync(agent, Room.Path(channel) + "?after=x")).ShouldBeProblem("invalid_cursor");
        (await Room.KnockAsync(agent, Room.Path(channel) + "?after=0&log_id=other")).ShouldBeProblem("invalid_cursor");
    }

    [Fact, Promise(8, "A client that offered ams.v1 is accepted and closed at once with the code")]
    public async Task A_browser_is_accepted_and_told_by_the_close_code()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var narrow = await world.MemberAsync(scopes: ["channels:read"]);

        (await CloseCodeAsync(agent with { Token = "" }, Room.Path(channel))).ShouldBe(4501);
        (await CloseCodeAsync(agent with { Token = "wat_x" }, Room.Path(channel))).ShouldBe(4501);
        (await CloseCodeAsync(narrow, Room.Path(channel))).ShouldBe(4503);
        (await CloseCodeAsync(agent, Room.Path("chn_none"))).ShouldBe(4504);
        (await CloseCodeAsync(agent, Room.Path(channel, 1))).ShouldBe(4509);
        (await CloseCodeAsync(agent, Room.Path(channel) + "?after=0&log_id=other")).ShouldBe(4509);
    }

    [Fact, Promise(3, "A browser offers ams.v1 and ams.bearer.<token>; the server selects ams.v1")]
    public async Task A_browser_bears_its_token_in_a_subprotocol()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        await using var room = await Room.OpenAsBrowserAsync(agent, Room.Path(channel));

        room.SubProtocol.ShouldBe("ams.v1");
        (await room.NextAsync()).Type.ShouldBe("hello");
    }

    [Fact, Promise(3, "An Origin that is neither the server's own nor configured is 403 origin_refused, always")]
    public async Task A_page_of_another_origin_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var own = agent.Target.BaseAddress.GetLeftPart(UriPartial.Authority);

        (await Room.KnockAsync(agent, Room.Path(channel), origin: "https://evil.example")).ShouldBeProblem("origin_refused");
        (
            await Room.KnockAsync(agent, Room.Path(channel), "https://evil.example", $"ams.v1, ams.bearer.{agent.Token}")
        ).ShouldBeProblem("origin_refused");
        (await Room.KnockAsync(agent, Room.Path(channel), origin: "null")).ShouldBeProblem("origin_refused");
        await using var room = await Room.OpenAsBrowserAsync(agent, Room.Path(channel), own);
        (await room.NextAsync()).Type.ShouldBe("hello");
    }

    [Fact, Promise(3, "A token in a URL is never accepted")]
    public async Task A_token_in_the_url_is_no_token()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var nobody = agent with { Token = "" };

        foreach (var name in new[] { "token", "access_token", "authorization" })
        {
            (await Room.KnockAsync(nobody, $"{Room.Path(channel)}?{name}={agent.Token}")).ShouldBeProblem("missing_token");
            (await nobody.GetAsync($"/v1/me?{name}={agent.Token}")).ShouldBeProblem("missing_token");
        }
    }

    private static async Task<int> CloseCodeAsync(Actor actor, string path)
    {
        await using var room = await Room.OpenAsBrowserAsync(actor, path);
        room.SubProtocol.ShouldBe("ams.v1");
        return await room.CloseCodeAsync();
    }
}
