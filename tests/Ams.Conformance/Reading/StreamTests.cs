namespace Ams.Conformance.Reading;

public sealed class StreamTests
{
    [Fact, Promise(7, "text/event-stream: replay, then live; id is the channel_seq; no event field")]
    public async Task A_stream_replays_and_goes_on_live()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 3);
        using var stream = await EventSource.OpenAsync(agent, channel, "?after=1");

        (await stream.NextAsync()).ShouldBe(new SentEvent("2", posted[1]));
        (await stream.NextAsync()).ShouldBe(new SentEvent("3", posted[2]));
        var live = await agent.SayAsync(channel, "live");
        (await stream.NextAsync()).ShouldBe(new SentEvent("4", live.Text));
        stream.OtherLines.ShouldBeEmpty();
    }

    [Fact, Promise(7, "A stream resumes with Last-Event-ID, which goes before after")]
    public async Task A_stream_resumes_after_the_last_id()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 3);

        using var stream = await EventSource.OpenAsync(agent, channel, "?after=0", lastEventId: "2");

        (await stream.NextAsync()).ShouldBe(new SentEvent("3", posted[2]));
    }

    [Theory, Promise(7, "A Last-Event-ID beyond the head, or that is none, is 400 invalid_cursor")]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task A_last_id_of_another_log_is_refused(string id)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var request = agent.Request(HttpMethod.Get, $"/v1/channels/{channel}/events");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", id);

        (await Target.SendAsync(request)).ShouldBeProblem("invalid_cursor");
    }

    [Fact, Promise(7, "A stream has a comment every 15 s")]
    public async Task A_quiet_stream_has_a_comment_every_15_seconds()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        using var stream = await EventSource.OpenAsync(agent, channel);
        await stream.CommentAsync(TimeSpan.FromSeconds(10));

        // The bound is the protocol's 15 s, and room for a busy machine.
        await stream.CommentAsync(TimeSpan.FromSeconds(25));
    }

    [Fact, Promise(7, "application/x-ndjson: everything after SEQ up to the head, an event a line")]
    public async Task Lines_go_from_the_position_to_the_head_and_end()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var messages = Enumerable.Range(1, 1000).Select(i => new { idempotency_key = $"{i}", text = $"{i}" });
        var posted = (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", new { messages })).ShouldBe(201).RawItems;
        var last = await agent.SayAsync(channel, "1001");

        var lines = (await agent.GetAsync($"/v1/channels/{channel}/events?after=1", "application/x-ndjson")).ShouldBe(200);
        var none = (await agent.GetAsync($"/v1/channels/{channel}/events?after=1001", "application/x-ndjson")).ShouldBe(200);

        lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([.. posted.Skip(1), last.Text]);
        none.Text.ShouldBeEmpty();
    }

    [Fact, Promise(7, "after and log_id are judged alike for every form of events")]
    public async Task A_memory_of_another_log_is_refused_through_every_door()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        foreach (var accept in new[] { "application/json", "application/x-ndjson", "text/event-stream" })
        {
            var refused = (await agent.GetAsync($"/v1/channels/{channel}/events?log_id=other", accept)).ShouldBeProblem(
                "invalid_cursor"
            );
            refused.Json.GetProperty("head_seq").GetInt64().ShouldBe(0);
            refused.Json.GetProperty("log_id").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    [Fact, Promise(7, "A long poll that has something to give answers at once")]
    public async Task A_long_poll_with_news_does_not_wait()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 2);

        var page = await agent.GetAsync($"/v1/channels/{channel}/events?after=1&wait=60").WaitAsync(TimeSpan.FromSeconds(30));

        page.RawItems.ShouldBe([posted[1]]);
    }

    [Fact, Promise(5, "seq?at=TIME is the channel_seq of the last event at or before TIME, 0 if none")]
    public async Task A_time_leads_to_a_number()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        (await SeqAtAsync(agent, channel, "2999-01-01T00:00:00.000Z")).ShouldBe(0);
        var posted = await agent.CountAsync(channel, 3);
        var times = posted.Select(text => new Frame(text).Json.GetProperty("created_at").GetString()!).ToList();

        (await SeqAtAsync(agent, channel, "2000-01-01T00:00:00.000Z")).ShouldBe(0);
        (await SeqAtAsync(agent, channel, times[2])).ShouldBe(3);
        (await SeqAtAsync(agent, channel, times[0])).ShouldBe(times.LastIndexOf(times[0]) + 1);
        (await SeqAtAsync(agent, channel, "2999-01-01T00:00:00.000Z")).ShouldBe(3);
        foreach (var bad in new[] { "", "?at=", "?at=now", "?at=1" })
            (await agent.GetAsync($"/v1/channels/{channel}/seq{bad}")).ShouldBeProblem("invalid_request").ShouldName("at");
    }

    private static async Task<long> SeqAtAsync(Actor agent, string channel, string time) =>
        (await agent.GetAsync($"/v1/channels/{channel}/seq?at={time}")).ShouldBe(200).Json.GetProperty("channel_seq").GetInt64();
}
