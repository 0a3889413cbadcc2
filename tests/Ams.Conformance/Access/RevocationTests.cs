namespace Ams.Conformance.Access;

/// <summary>What ends at once when somebody loses what it had. The bound is the protocol's: 2 s.</summary>
public sealed class RevocationTests
{
    private static readonly TimeSpan BoundMax = TimeSpan.FromSeconds(2);

    [Fact, Promise(3, "Revoking a token takes effect at once for SSE streams")]
    public async Task A_revoked_token_ends_its_stream()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await world.Owner.SayAsync(channel, "1");
        using var stream = await EventSource.OpenAsync(agent, channel);
        await stream.NextAsync();

        (await world.Owner.DeleteAsync($"/v1/tokens/{agent.TokenId}")).ShouldBe(204);
        await world.Owner.SayAsync(channel, "after");

        (await stream.EndAsync().WaitAsync(BoundMax)).ShouldBeEmpty();
    }

    [Fact, Promise(3, "Revoking a token takes effect at once for waiting long polls")]
    public async Task A_revoked_token_ends_its_long_poll()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var waiting = await WaitingAsync(agent, channel);

        (await world.Owner.DeleteAsync($"/v1/tokens/{agent.TokenId}")).ShouldBe(204);

        (await waiting.WaitAsync(BoundMax)).ShouldBeProblem("token_revoked");
    }

    [Fact, Promise(3, "Removing a member takes effect at once, for live sockets, SSE streams and waiting long polls too")]
    public async Task A_removed_member_is_cut_off_everywhere()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");
        await using var feed = await Room.OpenFeedAsync(agent);
        await feed.NextAsync("hello");
        using var stream = await EventSource.OpenAsync(agent, channel);
        var waiting = await WaitingAsync(agent, channel);

        (await world.Owner.DeleteAsync($"/v1/members/{agent.Id}")).ShouldBe(204);

        (await room.CloseCodeAsync().WaitAsync(BoundMax)).ShouldBe(4501);
        (await feed.CloseCodeAsync().WaitAsync(BoundMax)).ShouldBe(4501);
        (await stream.EndAsync().WaitAsync(BoundMax)).ShouldBeEmpty();
        (await waiting.WaitAsync(BoundMax)).Status.ShouldBe(401);
    }

    [
        Fact,
        Promise(
            3,
            "Removing somebody from a private channel takes effect at once, for live sockets, SSE streams and long polls too"
        )
    ]
    public async Task Who_is_taken_out_of_a_private_channel_hears_nothing_more()
    {
        var world = await World.NewAsync();
        var guest = await world.MemberAsync();
        var channel = await World.ChannelAsync(
            world.Owner,
            new
            {
                name = "inner",
                visibility = "private",
                members = new[] { guest.Id },
            }
        );
        await using var room = await Room.OpenAsync(guest, channel);
        await room.NextAsync("caught_up");
        using var stream = await EventSource.OpenAsync(guest, channel);
        var waiting = await WaitingAsync(guest, channel);

        (await world.Owner.DeleteAsync($"/v1/channels/{channel}/members/{guest.Id}")).ShouldBe(204);
        await world.Owner.SayAsync(channel, "among ourselves");

        (await room.CloseCodeAsync().WaitAsync(BoundMax)).ShouldBe(4503);
        (await stream.EndAsync().WaitAsync(BoundMax)).ShouldBeEmpty();
        (await waiting.WaitAsync(BoundMax)).ShouldBeProblem("not_found");
        (await guest.GetAsync("/v1/me")).ShouldBe(200);
    }

    [Fact, Promise(3, "On /v1/feed, losing a channel ends that subscription only, with an error frame not_found")]
    public async Task A_feed_loses_one_channel_and_keeps_the_others()
    {
        var world = await World.NewAsync();
        var guest = await world.MemberAsync();
        var lost = await World.ChannelAsync(
            world.Owner,
            new
            {
                name = "lost",
                visibility = "private",
                members = new[] { guest.Id },
            }
        );
        var kept = await world.ChannelAsync();
        await using var feed = await Room.OpenFeedAsync(guest);
        foreach (var channel in new[] { lost, kept })
        {
            await feed.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}"}""");
            (await feed.NextAsync("caught_up")).Json.GetProperty("channel_id").GetString().ShouldBe(channel);
        }

        (await world.Owner.DeleteAsync($"/v1/channels/{lost}/members/{guest.Id}")).ShouldBe(204);
        await world.Owner.SayAsync(lost, "unheard");
        var error = await feed.NextAsync("error").WaitAsync(BoundMax);
        var heard = await world.Owner.SayAsync(kept, "heard");

        error.Json.GetProperty("code").GetString().ShouldBe("not_found");
        error.Json.GetProperty("channel_id").GetString().ShouldBe(lost);
        (await feed.NextAsync("message.created")).Text.ShouldBe(heard.Text);
    }

    /// <summary>A long poll that the server holds: it answers nothing while an earlier one would have been answered.</summary>
    private static async Task<Task<Answer>> WaitingAsync(Actor agent, string channel)
    {
        var head = (await agent.GetAsync($"/v1/channels/{channel}/events")).Json.GetProperty("head_seq").GetInt64();
        var waiting = agent.GetAsync($"/v1/channels/{channel}/events?after={head}&wait=60");
        (await agent.GetAsync($"/v1/channels/{channel}/events?after={head}&wait=1")).ShouldBe(200);
        waiting.IsCompleted.ShouldBeFalse();
        return waiting;
    }
}
