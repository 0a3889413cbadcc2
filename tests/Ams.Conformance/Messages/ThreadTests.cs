namespace Ams.Conformance.Messages;

public sealed class ThreadTests
{
    [Fact, Promise(5, "messages?thread=SEQ is the thread that starts there, and pages like the rest")]
    public async Task A_thread_is_its_root_and_all_replies_to_it()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "root");
        await agent.SayAsync(channel, "elsewhere");
        (await agent.SayAsync(channel, new { text = "r", reply_to = 1 }, "3")).ShouldBe(201);
        (await agent.SayAsync(channel, new { text = "rr", reply_to = 3 }, "4")).ShouldBe(201);
        (await agent.SayAsync(channel, new { text = "other thread", reply_to = 2 }, "5")).ShouldBe(201);

        var whole = (await agent.GetAsync($"/v1/channels/{channel}/messages?thread=1&after=0")).ShouldBe(200);
        var first = (await agent.GetAsync($"/v1/channels/{channel}/messages?thread=1&after=0&limit=2")).ShouldBe(200);
        var after = first.Json.GetProperty("next_after").GetInt64();
        var rest = (await agent.GetAsync($"/v1/channels/{channel}/messages?thread=1&after={after}&limit=2")).ShouldBe(200);

        Seqs(whole).ShouldBe([1, 3, 4]);
        Seqs(first).ShouldBe([1, 3]);
        first.Json.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        Seqs(rest).ShouldBe([4]);
        rest.Json.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    private static IEnumerable<long> Seqs(Answer page) => page.Items.Select(item => item.GetProperty("channel_seq").GetInt64());
}
