namespace Ams.Conformance.Messages;

public sealed class ReactionTests
{
    [Fact]
    [Promise(5, "A reaction that is there already, or not, changes nothing and is 204")]
    [Promise(7, "reaction.added and reaction.removed have message_seq and emoji; messages show who reacted")]
    public async Task A_reaction_is_an_event_once()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var other = await world.MemberAsync();
        await agent.SayAsync(channel, "x");
        var party = $"/v1/channels/{channel}/messages/1/reactions/{Uri.EscapeDataString("🎉")}";

        (await agent.DeleteAsync(party)).ShouldBe(204);
        (await agent.PutAsync(party)).ShouldBe(204);
        (await agent.PutAsync(party)).ShouldBe(204);
        (await other.PutAsync(party)).ShouldBe(204);
        var shown = (await agent.GetAsync($"/v1/channels/{channel}/messages/1")).ShouldBe(200);
        (await agent.DeleteAsync(party)).ShouldBe(204);
        (await agent.DeleteAsync(party)).ShouldBe(204);

        shown
            .Json.GetProperty("reactions")
            .GetProperty("🎉")
            .EnumerateArray()
            .Select(id => id.GetString()!)
            .ShouldBe([agent.Id, other.Id], ignoreOrder: true);
        var events = (await agent.GetAsync($"/v1/channels/{channel}/events?after=1")).Items;
        events
            .Select(item => item.GetProperty("type").GetString())
            .ShouldBe(["reaction.added", "reaction.added", "reaction.removed"]);
        events.ShouldAllBe(item =>
            item.GetProperty("message_seq").GetInt64() == 1 && item.GetProperty("emoji").GetString() == "🎉"
        );
        events[2].GetProperty("author").GetProperty("id").GetString().ShouldBe(agent.Id);
        (await agent.GetAsync($"/v1/channels/{channel}/messages/1"))
            .Json.GetProperty("reactions")
            .GetProperty("🎉")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetString()
            .ShouldBe(other.Id);
    }

    [Fact, Promise(1, "A message without reactions has no such member")]
    public async Task The_last_reaction_taken_back_leaves_none()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "x");

        (await agent.PutAsync($"/v1/channels/{channel}/messages/1/reactions/ok")).ShouldBe(204);
        (await agent.DeleteAsync($"/v1/channels/{channel}/messages/1/reactions/ok")).ShouldBe(204);

        (await agent.GetAsync($"/v1/channels/{channel}/messages/1")).Json.TryGetProperty("reactions", out _).ShouldBeFalse();
    }

    [Theory, Promise(5, "An emoji is 1 to 64 bytes of UTF-8 without control characters")]
    [InlineData("a", 64, 204)]
    [InlineData("a", 65, 400)]
    [InlineData("%F0%9F%8E%89", 16, 204)]
    [InlineData("%F0%9F%8E%89", 17, 400)]
    [InlineData("%2B1", 1, 204)]
    [InlineData("%2F", 1, 204)]
    [InlineData("%25", 1, 204)]
    [InlineData("%07", 1, 400)]
    [InlineData("%FF", 1, 400)]
    public async Task An_emoji_is_any_short_text(string part, int count, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "x");
        var emoji = string.Concat(Enumerable.Repeat(part, count));

        var answer = await agent.PutAsync($"/v1/channels/{channel}/messages/1/reactions/{emoji}");

        answer.ShouldBe(status);
        if (status == 204)
            (await agent.GetAsync($"/v1/channels/{channel}/events?after=1"))
                .Items.ShouldHaveSingleItem()
                .GetProperty("emoji")
                .GetString()
                .ShouldBe(Uri.UnescapeDataString(emoji));
        else
            answer.ShouldBeProblem("invalid_request").ShouldName("emoji");
    }

    [Fact, Promise(5, "With a key, a reaction is set once, whatever happened since")]
    public async Task A_repeated_reaction_does_not_come_back()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "x");
        var ok = $"/v1/channels/{channel}/messages/1/reactions/ok";
        (await agent.PutAsync(ok, key: "r")).ShouldBe(204);
        (await agent.DeleteAsync(ok)).ShouldBe(204);

        (await agent.PutAsync(ok, key: "r")).ShouldBe(204).Header("Idempotency-Replayed").ShouldBe("true");

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(3);
    }
}
