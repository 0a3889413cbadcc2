namespace Ams.Conformance.Reading;

public sealed class PageTests
{
    [Fact, Promise(7, "A page of the log is {items, head_seq, first_available_seq, log_id, next_after, has_more}")]
    public async Task Pages_lead_through_the_whole_log()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 7);

        var seen = new List<string>();
        var after = 0L;
        while (true)
        {
            var page = (await agent.GetAsync($"/v1/channels/{channel}/events?after={after}&limit=3")).ShouldBe(200);
            seen.AddRange(page.RawItems);
            page.Json.GetProperty("head_seq").GetInt64().ShouldBe(7);
            page.Json.GetProperty("first_available_seq").GetInt64().ShouldBe(1);
            page.Json.GetProperty("log_id").GetString().ShouldNotBeNullOrEmpty();
            page.Json.GetProperty("next_after").GetInt64().ShouldBe(seen.Count);
            after = page.Json.GetProperty("next_after").GetInt64();
            if (!page.Json.GetProperty("has_more").GetBoolean())
                break;
        }

        seen.ShouldBe(posted);
    }

    [Fact, Promise(1, "A new channel's head is 0; items are never omitted")]
    public async Task An_empty_log_is_an_empty_page()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        foreach (var door in new[] { "events", "messages" })
        {
            var page = (await agent.GetAsync($"/v1/channels/{channel}/{door}")).ShouldBe(200);
            page.Items.ShouldBeEmpty();
            page.Json.GetProperty("head_seq").GetInt64().ShouldBe(0);
            page.Json.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        }
    }

    [Theory, Promise(5, "limit is 1 to 1000")]
    [InlineData("1", 200)]
    [InlineData("1000", 200)]
    [InlineData("0", 400)]
    [InlineData("1001", 400)]
    [InlineData("-1", 400)]
    [InlineData("x", 400)]
    [InlineData("", 400)]
    [InlineData("99999999999999999999", 400)]
    public async Task A_limit_is_1_to_1000(string limit, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        foreach (var path in new[] { $"channels/{channel}/events", $"channels/{channel}/messages", "channels", "members" })
        {
            var answer = await agent.GetAsync($"/v1/{path}?limit={limit}");
            answer.Status.ShouldBe(status, $"{path}: {answer.Text}");
            if (status == 400)
                answer.ShouldBeProblem("invalid_request");
        }
    }

    [Fact, Promise(5, "The default limit is 100")]
    public async Task A_page_without_a_limit_has_100()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var messages = Enumerable.Range(1, 101).Select(i => agent.SayAsync(channel, $"{i}"));
        await Task.WhenAll(messages);

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(100);
        (await agent.GetAsync($"/v1/channels/{channel}/messages")).Items.Count.ShouldBe(100);
    }

    [Theory, Promise(7, "after negative, not a number, or beyond the head is 400 invalid_cursor")]
    [InlineData("-1")]
    [InlineData("3")]
    [InlineData("x")]
    [InlineData("1.0")]
    [InlineData("99999999999999999999")]
    public async Task A_position_that_is_none_is_refused(string after)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 2);

        foreach (var door in new[] { "events", "messages" })
            (await agent.GetAsync($"/v1/channels/{channel}/{door}?after={after}")).ShouldBeProblem("invalid_cursor");
        foreach (var accept in new[] { "application/x-ndjson", "text/event-stream" })
            (await agent.GetAsync($"/v1/channels/{channel}/events?after={after}", accept)).ShouldBeProblem("invalid_cursor");
    }

    [Fact, Promise(7, "after beyond the head is 400 invalid_cursor with head_seq and log_id in the problem")]
    public async Task A_position_beyond_the_head_is_told_the_head()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 2);
        var logId = (await agent.GetAsync($"/v1/channels/{channel}/events?after=2"))
            .ShouldBe(200)
            .Json.GetProperty("log_id")
            .GetString();

        var refused = (await agent.GetAsync($"/v1/channels/{channel}/events?after=3")).ShouldBeProblem("invalid_cursor");

        refused.Json.GetProperty("head_seq").GetInt64().ShouldBe(2);
        refused.Json.GetProperty("log_id").GetString().ShouldBe(logId);
    }

    [Fact, Promise(7, "log_id of another log is 400 invalid_cursor")]
    public async Task A_position_in_another_log_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 1);
        var logId = (await agent.GetAsync($"/v1/channels/{channel}/events")).Json.GetProperty("log_id").GetString();

        (await agent.GetAsync($"/v1/channels/{channel}/events?after=1&log_id={logId}")).ShouldBe(200);
        (await agent.GetAsync($"/v1/channels/{channel}/events?after=1&log_id=another"))
            .ShouldBeProblem("invalid_cursor")
            .Json.GetProperty("log_id")
            .GetString()
            .ShouldBe(logId);
    }

    [Fact, Promise(5, "messages page by after and before, ascending; without either, the newest page")]
    public async Task Messages_page_both_ways()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 5);

        var newest = (await agent.GetAsync($"/v1/channels/{channel}/messages?limit=2")).ShouldBe(200);
        newest.RawItems.ShouldBe([posted[3], posted[4]]);
        var before = newest.Json.GetProperty("next_before").GetInt64();
        (await agent.GetAsync($"/v1/channels/{channel}/messages?before={before}&limit=2")).RawItems.ShouldBe([
            posted[1],
            posted[2],
        ]);
        var first = await agent.GetAsync($"/v1/channels/{channel}/messages?after=0&limit=2");
        first.RawItems.ShouldBe([posted[0], posted[1]]);
        first.Json.GetProperty("next_after").GetInt64().ShouldBe(2);
        first.Json.GetProperty("has_more").GetBoolean().ShouldBeTrue();
    }

    [Theory, Promise(5, "One message by its channel_seq; what is none is 404")]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_message_that_is_none_is_404(string seq)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 1);

        (await agent.GetAsync($"/v1/channels/{channel}/messages/{seq}")).ShouldBeProblem("not_found");
    }

    [Fact, Promise(7, "With wait and nothing to give, a page waits for the next event")]
    public async Task A_long_poll_is_answered_by_the_next_event()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var waiting = agent.GetAsync($"/v1/channels/{channel}/events?after=0&wait=60");

        var said = await agent.SayAsync(channel, "news");

        (await waiting).ShouldBe(200).RawItems.ShouldBe([said.Text]);
    }

    [Fact, Promise(7, "A long poll without news ends with an empty page")]
    public async Task A_long_poll_ends_empty_after_its_time()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var page = (await agent.GetAsync($"/v1/channels/{channel}/events?after=0&wait=1")).ShouldBe(200);

        page.Items.ShouldBeEmpty();
        page.Json.GetProperty("next_after").GetInt64().ShouldBe(0);
    }

    [Theory, Promise(7, "wait is 1 to 60")]
    [InlineData("0")]
    [InlineData("61")]
    [InlineData("x")]
    public async Task A_wait_is_1_to_60_seconds(string wait)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.GetAsync($"/v1/channels/{channel}/events?after=0&wait={wait}")).ShouldBeProblem("invalid_request");
    }
}
