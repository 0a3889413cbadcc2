namespace Ams.Conformance.Resources;

public sealed class ChannelTests
{
    [Fact, Promise(1, "A new channel's head is 0"), Promise(5, "A channel has head_seq, log_id, cursor and unread")]
    public async Task A_new_channel_is_empty()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var shown = (await agent.GetAsync($"/v1/channels/{channel}")).ShouldBe(200).Json.GetProperty("channel");

        shown.GetProperty("id").GetString()!.ShouldStartWith("chn_");
        shown.GetProperty("head_seq").GetInt64().ShouldBe(0);
        shown.GetProperty("cursor").GetInt64().ShouldBe(0);
        shown.GetProperty("unread").GetInt64().ShouldBe(0);
        shown.GetProperty("log_id").GetString().ShouldNotBeNullOrEmpty();
        shown.GetProperty("created_by").GetString().ShouldBe(agent.Id);
        shown.TryGetProperty("archived_at", out _).ShouldBeFalse();
    }

    [Fact, Promise(6, "A read begun after an ack sees the new head")]
    public async Task The_head_follows_an_ack_at_once()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        for (var i = 1; i <= 20; i++)
        {
            await agent.SayAsync(channel, $"{i}");
            var shown = (await agent.GetAsync($"/v1/channels/{channel}")).Json.GetProperty("channel");
            shown.GetProperty("head_seq").GetInt64().ShouldBe(i);
            (await agent.GetAsync($"/v1/channels/{channel}/events?after={i}"))
                .Json.GetProperty("head_seq")
                .GetInt64()
                .ShouldBe(i);
        }
    }

    [Theory, Promise(5, "A channel's name is [a-z0-9][a-z0-9._-]{0,79}")]
    [InlineData("a", 201)]
    [InlineData("0a._-", 201)]
    [InlineData("", 400)]
    [InlineData("-a", 400)]
    [InlineData("A", 400)]
    [InlineData("a b", 400)]
    [InlineData("é", 400)]
    [InlineData("a\n", 400)]
    public async Task A_name_is_lower_case_letters_digits_and_three_marks(string name, int status)
    {
        var owner = (await World.NewAsync()).Owner;

        (await owner.PostAsync("/v1/channels", new { name })).ShouldBe(status);
    }

    [Theory, Promise(5, "A channel's name has at most 80 characters")]
    [InlineData(80, 201)]
    [InlineData(81, 400)]
    public async Task A_name_has_at_most_80_characters(int length, int status)
    {
        var owner = (await World.NewAsync()).Owner;

        (await owner.PostAsync("/v1/channels", new { name = new string('n', length) })).ShouldBe(status);
    }

    [Fact, Promise(5, "A channel's name is unique among live channels; an archived one frees it")]
    public async Task A_name_is_free_again_after_archiving()
    {
        var owner = (await World.NewAsync()).Owner;
        var first = await World.ChannelAsync(owner, new { name = "builds" });
        (await owner.PostAsync("/v1/channels", new { name = "builds" })).ShouldBeProblem("name_taken");

        (await owner.DeleteAsync($"/v1/channels/{first}")).ShouldBe(204);

        var second = await World.ChannelAsync(owner, new { name = "builds" });
        (await owner.GetAsync("/v1/channels?name=builds"))
            .Items.ShouldHaveSingleItem()
            .GetProperty("id")
            .GetString()
            .ShouldBe(second);
        (await owner.GetAsync("/v1/channels?archived=true")).Text.ShouldContain(first);
    }

    [Fact, Promise(3, "A channel is managed by who created it and by admins and owners")]
    public async Task A_stranger_to_a_channel_does_not_archive_it()
    {
        var (world, _, channel) = await World.WithChannelAsync();
        var other = await world.MemberAsync();

        (await other.DeleteAsync($"/v1/channels/{channel}")).ShouldBeProblem("role_too_low");
        (await world.Owner.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
    }
}
