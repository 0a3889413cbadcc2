namespace Ams.Conformance.Sockets;

public sealed class FeedTests
{
    [Fact, Promise(8, "On /v1/feed hello comes first, without the channel's members")]
    public async Task A_feed_says_hello_without_a_channel()
    {
        var (_, agent, _) = await World.WithChannelAsync();

        await using var feed = await Room.OpenFeedAsync(agent);

        var hello = await feed.NextAsync();
        hello.Type.ShouldBe("hello");
        hello.Json.GetProperty("principal_id").GetString().ShouldBe(agent.Id);
        hello.Json.GetProperty("heartbeat_seconds").GetInt32().ShouldBeGreaterThan(0);
        hello.Json.GetProperty("node").GetString().ShouldNotBeNullOrEmpty();
        foreach (var member in new[] { "channel_id", "head_seq", "after", "log_id" })
            hello.Json.TryGetProperty(member, out _).ShouldBeFalse();
    }

    [Fact, Promise(8, "A feed follows many channels on one socket, each without gap or repeat")]
    public async Task Many_channels_come_through_one_socket()
    {
        var (world, agent, first) = await World.WithChannelAsync();
        var second = await world.ChannelAsync();
        var expected = new Dictionary<string, IReadOnlyList<string>>
        {
            [first] = await agent.CountAsync(first, 30),
            [second] = await agent.CountAsync(second, 20),
        };
        await using var feed = await Room.OpenFeedAsync(agent);
        await SubscribeAsync(feed, first, after: 0);
        await SubscribeAsync(feed, second, after: 5);

        var seen = expected.Keys.ToDictionary(id => id, _ => new List<string>());
        var caughtUp = new List<string>();
        while (caughtUp.Count < 2)
        {
            var frame = await feed.NextAsync();
            var channel = frame.Type == "hello" ? null : frame.Json.GetProperty("channel_id").GetString();
            if (frame.IsEvent)
                seen[channel!].Add(frame.Text);
            else if (frame.Type == "caught_up")
                caughtUp.Add(channel!);
        }

        seen[first].ShouldBe(expected[first]);
        seen[second].ShouldBe(expected[second].Skip(5));
        var live = await agent.SayAsync(second, "live");
        (await feed.NextAsync("message.created")).Text.ShouldBe(live.Text);
    }

    [Fact, Promise(8, "On a feed a send bears its channel_id")]
    public async Task A_send_on_a_feed_says_where_to()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var feed = await Room.OpenFeedAsync(agent);

        await feed.SendAsync(
            $$"""{"type":"send","ref":"r","channel_id":"{{channel}}","idempotency_key":"k","text":"through the feed"}"""
        );
        (await feed.NextAsync("ack")).Seq.ShouldBe(1);
        await feed.SendAsync("""{"type":"send","ref":"s","idempotency_key":"l","text":"nowhere"}""");
        var error = await feed.NextAsync("error");

        error.Json.GetProperty("ref").GetString().ShouldBe("s");
        error.Json.GetProperty("code").GetString().ShouldBe("invalid_request");
    }

    [Fact, Promise(8, "After unsubscribe a channel is quiet, and can be subscribed again")]
    public async Task Unsubscribing_ends_one_channel()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var feed = await Room.OpenFeedAsync(agent);
        await SubscribeAsync(feed, channel, after: 0);
        await feed.NextAsync("caught_up");

        await feed.SendAsync($$"""{"type":"unsubscribe","channel_id":"{{channel}}"}""");
        await feed.SendAsync("""{"type":"ping","ref":"unsubscribed"}""");
        await feed.NextAsync("pong");
        var said = await agent.SayAsync(channel, "not heard live");
        await feed.SendAsync("""{"type":"ping","ref":"quiet"}""");
        (await feed.NextAsync()).Type.ShouldBe("pong");

        await SubscribeAsync(feed, channel, after: 0);
        (await feed.NextAsync("message.created")).Text.ShouldBe(said.Text);
    }

    [Fact, Promise(8, "A bad cursor on a feed is an error frame and no subscription")]
    public async Task A_bad_cursor_does_not_close_the_feed()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var feed = await Room.OpenFeedAsync(agent);
        string[] bad =
        [
            """
                "after":5
                """,
            """
                "after":-1
                """,
            """
                "after":"x"
                """,
            """
                "log_id":"other"
                """,
        ];

        foreach (var cursor in bad)
        {
            await feed.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}",{{cursor}}}""");
            var error = await feed.NextAsync("error");
            error.Json.GetProperty("code").GetString().ShouldBe("invalid_cursor", $"{cursor}: {error.Text}");
            error.Json.GetProperty("channel_id").GetString().ShouldBe(channel);
        }

        await SubscribeAsync(feed, channel, after: 0);
        (await feed.NextAsync("caught_up")).Seq.ShouldBe(0);
    }

    [Fact, Promise(8, "On a feed a channel that is none, or of others, is an error frame not_found")]
    public async Task A_channel_that_can_not_be_seen_is_not_found()
    {
        var (_, agent, _) = await World.WithChannelAsync();
        var (_, _, foreign) = await World.WithChannelAsync();
        await using var feed = await Room.OpenFeedAsync(agent);

        foreach (var channel in new[] { "chn_none", foreign })
        {
            await SubscribeAsync(feed, channel, after: 0);
            var error = await feed.NextAsync("error");
            error.Json.GetProperty("code").GetString().ShouldBe("not_found");
            error.Json.GetProperty("channel_id").GetString().ShouldBe(channel);
        }
    }

    private static Task SubscribeAsync(Room feed, string channel, long after) =>
        feed.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}","after":{{after}}}""");
}
