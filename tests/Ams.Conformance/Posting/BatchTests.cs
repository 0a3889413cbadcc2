namespace Ams.Conformance.Posting;

public sealed class BatchTests
{
    private static object Messages(int first, int count) =>
        new { messages = Enumerable.Range(first, count).Select(i => new { idempotency_key = $"k{i}", text = $"{i}" }) };

    [Fact, Promise(6, "A batch commits all in order, and answers 201 {items, replayed}")]
    public async Task A_batch_is_committed_in_order()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answer = (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", Messages(1, 3))).ShouldBe(201);

        answer.Items.Select(item => item.GetProperty("text").GetString()).ShouldBe(["1", "2", "3"]);
        answer.Items.Select(item => item.GetProperty("channel_seq").GetInt64()).ShouldBe([1, 2, 3]);
        answer.Json.GetProperty("replayed").GetRawText().ShouldBe("[false,false,false]");
        (await agent.GetAsync($"/v1/channels/{channel}/events")).RawItems.ShouldBe(answer.RawItems);
    }

    [Fact, Promise(6, "A batch is 200 if every one was a repeat; replayed says which were")]
    public async Task A_repeated_batch_says_which_were_repeats()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.PostAsync($"/v1/channels/{channel}/messages:batch", Messages(1, 2));

        var all = (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", Messages(1, 2))).ShouldBe(200);
        var some = (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", Messages(2, 2))).ShouldBe(201);

        all.Json.GetProperty("replayed").GetRawText().ShouldBe("[true,true]");
        some.Json.GetProperty("replayed").GetRawText().ShouldBe("[true,false]");
        some.Items.Select(item => item.GetProperty("channel_seq").GetInt64()).ShouldBe([2, 3]);
    }

    [Fact, Promise(6, "One bad message fails the batch; errors name it by index")]
    public async Task One_bad_message_fails_all()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        const string body = """{"messages":[{"idempotency_key":"a","text":"x"},{"idempotency_key":"b","txt":"x"}]}""";

        (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", body))
            .ShouldBeProblem("invalid_request")
            .ShouldName("1");

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldBeEmpty();
    }

    [Theory, Promise(6, "A batch takes 1 to 1000 messages")]
    [InlineData(0, 400)]
    [InlineData(1, 201)]
    [InlineData(1000, 201)]
    [InlineData(1001, 400)]
    public async Task A_batch_has_1_to_1000_messages(int count, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.PostAsync($"/v1/channels/{channel}/messages:batch", Messages(1, count))).ShouldBe(status);
    }

    [Fact, Promise(6, "Each message of a batch bears its idempotency_key")]
    public async Task A_message_of_a_batch_without_a_key_fails_it()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answer = await agent.PostAsync($"/v1/channels/{channel}/messages:batch", """{"messages":[{"text":"x"}]}""");

        answer.Status.ShouldBe(400, answer.Text);
    }
}
