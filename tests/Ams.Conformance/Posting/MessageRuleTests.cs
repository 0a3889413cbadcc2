using System.Text;
using System.Text.RegularExpressions;

namespace Ams.Conformance.Posting;

public sealed partial class MessageRuleTests
{
    private const int TextBytesMax = 64 * 1024;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.None, 1000)]
    private static partial Regex Time { get; }

    [GeneratedRegex("^msg_[0-9a-z]+$", RegexOptions.None, 1000)]
    private static partial Regex MessageId { get; }

    [Fact, Promise(6, "The answer is the event message.created")]
    public async Task The_answer_is_the_whole_event()
    {
        var world = await World.NewAsync();
        var owner = await world.MemberAsync(kind: "service", name: "Build Bot");
        var channel = await world.ChannelAsync(owner);

        var answer = (await owner.SayAsync(channel, new { text = "deploy started", payload = new { run = 17 } }, "k")).ShouldBe(
            201
        );

        answer.MediaType.ShouldBe("application/json");
        answer.Header("Location").ShouldNotBeNull().ShouldEndWith($"/v1/channels/{channel}/messages/1");
        var created = answer.Json;
        created.GetProperty("type").GetString().ShouldBe("message.created");
        created.GetProperty("channel_id").GetString().ShouldBe(channel);
        created.GetProperty("channel_seq").GetInt64().ShouldBe(1);
        MessageId.IsMatch(created.GetProperty("id").GetString()!).ShouldBeTrue(answer.Text);
        created.GetProperty("author").GetRawText().ShouldBe($$"""{"id":"{{owner.Id}}","name":"Build Bot","kind":"service"}""");
        Time.IsMatch(created.GetProperty("created_at").GetString()!).ShouldBeTrue(answer.Text);
        created.GetProperty("text").GetString().ShouldBe("deploy started");
        created.GetProperty("payload").GetRawText().ShouldBe("""{"run":17}""");
        created
            .EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe(["type", "channel_id", "channel_seq", "id", "author", "created_at", "text", "payload"], ignoreOrder: true);
    }

    [Fact, Promise(1, "channel_seq is 1, 2, 3 … per channel without a gap; created_at never goes back")]
    public async Task Numbers_are_dense_and_times_never_go_back()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => agent.SayAsync(channel, $"{i}")));

        var items = (await agent.GetAsync($"/v1/channels/{channel}/events")).Items;

        items.Select(item => item.GetProperty("channel_seq").GetInt64()).ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
        items.Select(item => item.GetProperty("created_at").GetString()!).ShouldBeInOrder();
    }

    [Theory, Promise(6, "text is up to 64 KiB of UTF-8; over it is 413")]
    [InlineData("a", TextBytesMax, 201)]
    [InlineData("a", TextBytesMax + 1, 413)]
    [InlineData("é", TextBytesMax / 2, 201)]
    [InlineData("é", (TextBytesMax / 2) + 1, 413)]
    public async Task Text_is_measured_in_bytes_of_utf8(string character, int count, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var text = new StringBuilder().Insert(0, character, count).ToString();

        var answer = await agent.SayAsync(channel, new { text }, "k");

        answer.Status.ShouldBe(status, answer.Text[..Math.Min(300, answer.Text.Length)]);
        if (status == 413)
            answer.ShouldBeProblem("body_too_large");
        else
            answer.Json.GetProperty("text").GetString().ShouldBe(text);
    }

    [Theory, Promise(6, "payload is a JSON object up to 64 KiB; insignificant white space does not count")]
    [InlineData(TextBytesMax, 0, 201)]
    [InlineData(TextBytesMax, 1000, 201)]
    [InlineData(TextBytesMax + 1, 0, 413)]
    public async Task A_payload_is_measured_without_white_space(int bytes, int spaces, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var payload = $"{{\"a\":{new string(' ', spaces)}\"{new string('x', bytes - 8)}\"}}";

        var answer = await agent.SayAsync(channel, (object)$"{{\"payload\":{payload}}}", "k");

        answer.Status.ShouldBe(status, answer.Text[..Math.Min(300, answer.Text.Length)]);
    }

    [Theory, Promise(6, "A payload is at most 32 levels deep")]
    [InlineData(32, 201)]
    [InlineData(33, 400)]
    [InlineData(200, 400)]
    public async Task A_payload_is_at_most_32_levels_deep(int levels, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var payload = "1";
        for (var level = 0; level < levels; level++)
            payload = level % 2 == 0 && level < levels - 1 ? $"[{payload}]" : $"{{\"a\":{payload}}}";

        var answer = await agent.SayAsync(channel, (object)$"{{\"payload\":{payload}}}", "k");

        answer.Status.ShouldBe(status, answer.Text);
        if (status == 201)
            answer.Json.GetProperty("payload").GetRawText().ShouldBe(payload);
        else
            answer.ShouldBeProblem("invalid_request").ShouldName("payload");
    }

    [Theory, Promise(6, "A payload's literals and the order of its members are kept exactly; {} is kept")]
    [InlineData("""{}""", """{}""")]
    [InlineData("""{ "z" : 1.0 , "a" : 1e3 , "m" : -0 }""", """{"z":1.0,"a":1e3,"m":-0}""")]
    [InlineData("""{"n":123456789012345678901234567890}""", """{"n":123456789012345678901234567890}""")]
    [InlineData("""{"s":"\u00e9 é \/ /"}""", """{"s":"\u00e9 é \/ /"}""")]
    [InlineData("""{"a":[ ],"b":{ },"c":null,"d":" x  y "}""", """{"a":[],"b":{},"c":null,"d":" x  y "}""")]
    public async Task A_payload_is_kept_as_it_was_written(string sent, string kept)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answer = (await agent.SayAsync(channel, (object)$"{{\"payload\": {sent} }}", "k")).ShouldBe(201);

        answer.Json.GetProperty("payload").GetRawText().ShouldBe(kept);
        answer.Json.GetProperty("text").GetString().ShouldBe("");
    }

    [Theory, Promise(6, "payload is a JSON object")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("true")]
    public async Task A_payload_that_is_no_object_is_refused(string payload)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)$"{{\"text\":\"x\",\"payload\":{payload}}}", "k"))
            .ShouldBeProblem("invalid_request")
            .ShouldName("payload");
    }

    [Theory, Promise(6, "text may be empty or absent when there is a payload")]
    [InlineData("""{}""", 400)]
    [InlineData("""{"text":""}""", 400)]
    [InlineData("""{"text":null}""", 400)]
    [InlineData("""{"text":"","payload":{}}""", 201)]
    [InlineData("""{"payload":{}}""", 201)]
    [InlineData("""{"text":null,"payload":{"a":null}}""", 201)]
    public async Task A_message_has_a_text_or_a_payload(string body, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).ShouldBe(status);
    }

    [Fact, Promise(6, "U+0000 is allowed in text")]
    public async Task A_null_character_survives()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answer = (await agent.SayAsync(channel, (object)"""{"text":"a\u0000b"}""", "k")).ShouldBe(201);

        answer.Json.GetProperty("text").GetString().ShouldBe("a\0b");
    }

    [Theory, Promise(6, "A lone surrogate is 400")]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"text":"x\udc00y"}""")]
    [InlineData("""{"text":"\ud83d\u0041"}""")]
    public async Task A_lone_surrogate_is_refused(string body)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).Status.ShouldBe(400);
    }

    [Fact, Promise(6, "thread is the channel_seq of the message that the chain of reply_to starts from")]
    public async Task A_reply_bears_the_root_of_its_thread()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        (await agent.SayAsync(channel, "root")).Json.TryGetProperty("thread", out _).ShouldBeFalse();

        var reply = (await agent.SayAsync(channel, new { text = "r", reply_to = 1 }, "a")).ShouldBe(201);
        var deeper = (await agent.SayAsync(channel, new { text = "rr", reply_to = 2 }, "b")).ShouldBe(201);

        reply.Json.GetProperty("thread").GetInt64().ShouldBe(1);
        deeper.Json.GetProperty("reply_to").GetInt64().ShouldBe(2);
        deeper.Json.GetProperty("thread").GetInt64().ShouldBe(1);
    }

    [Theory, Promise(6, "reply_to is the channel_seq of a message of this channel")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("99999999999999999999")]
    public async Task A_reply_to_nothing_is_refused(string replyTo)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "root");

        (await agent.SayAsync(channel, (object)$"{{\"text\":\"x\",\"reply_to\":{replyTo}}}", "k"))
            .ShouldBeProblem("invalid_request")
            .ShouldName("reply_to");
    }

    [Theory, Promise(6, "mentions are up to 100 principals of the workspace")]
    [InlineData(100, 201)]
    [InlineData(101, 400)]
    public async Task A_message_mentions_at_most_100_principals(int count, int status)
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var members = new List<string>();
        while (members.Count < count)
            members.Add((await world.MemberAsync()).Id);

        var answer = await agent.SayAsync(channel, new { text = "x", mentions = members }, "k");

        answer.Status.ShouldBe(status, answer.Text);
        if (status == 201)
            answer.Json.GetProperty("mentions").EnumerateArray().Select(id => id.GetString()!).ShouldBe(members);
        else
            answer.ShouldBeProblem("invalid_request").ShouldName("mentions");
    }

    [Fact, Promise(6, "mentions are principals of the workspace")]
    public async Task A_mention_of_somebody_in_another_workspace_is_that_of_nobody()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var stranger = (await World.NewAsync()).Owner.Id;

        var foreign = await agent.SayAsync(channel, new { text = "x", mentions = new[] { stranger } }, "k");
        var nobody = await agent.SayAsync(
            channel,
            new { text = "x", mentions = new[] { "prn_00000000000000000000000000" } },
            "k"
        );

        foreign.ShouldBeProblem("invalid_request").ShouldName("mentions");
        nobody.ShouldBeProblem("invalid_request").ShouldName("mentions");
        foreign
            .Json.GetProperty("detail")
            .GetString()!
            .Replace(stranger, "", StringComparison.Ordinal)
            .ShouldBe(
                nobody
                    .Json.GetProperty("detail")
                    .GetString()!
                    .Replace("prn_00000000000000000000000000", "", StringComparison.Ordinal)
            );
    }

    [Fact, Promise(1, "Optional members that are null or empty are omitted from answers")]
    public async Task An_empty_list_of_mentions_is_omitted()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answer = (await agent.SayAsync(channel, (object)"""{"text":"x","mentions":[],"reply_to":null}""", "k")).ShouldBe(201);

        answer.Json.TryGetProperty("mentions", out _).ShouldBeFalse();
        answer.Json.TryGetProperty("reply_to", out _).ShouldBeFalse();
    }

    [Fact, Promise(5, "An archived channel is readable, no longer writable")]
    public async Task An_archived_channel_can_be_read_and_not_written()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var said = await agent.SayAsync(channel, "before");
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);

        (await agent.SayAsync(channel, new { text = "after" }, "k")).ShouldBeProblem("channel_archived");
        (await agent.GetAsync($"/v1/channels/{channel}/events")).RawItems.ShouldBe([said.Text]);
    }
}
