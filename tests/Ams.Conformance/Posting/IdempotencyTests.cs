using System.Text.Json;

namespace Ams.Conformance.Posting;

public sealed class IdempotencyTests
{
    [Fact, Promise(6, "The same key with the same request gives 200, the event as it stands, and Idempotency-Replayed: true")]
    public async Task A_repeat_is_200_with_the_same_bytes_and_says_so()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var first = (await agent.SayAsync(channel, new { text = "once" }, "k")).ShouldBe(201);
        first.Header("Idempotency-Replayed").ShouldBeNull();

        var second = (await agent.SayAsync(channel, new { text = "once" }, "k")).ShouldBe(200);

        second.Header("Idempotency-Replayed").ShouldBe("true");
        second.Text.ShouldBe(first.Text);
        (await agent.GetAsync($"/v1/channels/{channel}/events")).RawItems.ShouldBe([first.Text]);
    }

    [Fact, Promise(6, "The same key with another request is 422")]
    public async Task The_same_key_with_another_request_is_422_and_stores_nothing()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, new { text = "one" }, "k");

        (await agent.SayAsync(channel, new { text = "two" }, "k")).ShouldBeProblem("idempotency_key_reused");

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(1);
    }

    [Theory]
    [Promise(
        6,
        "The same request is the same members in any order and spacing, with strings equal by value and numbers by literal"
    )]
    [InlineData(
        """{"text":"é","payload":{"a":1,"b":[1,2]}}""",
        """{ "payload": {"b": [1, 2], "a": 1}, "text": "\u00e9" }""",
        true
    )]
    [InlineData("""{"text":"x","payload":{"a":1}}""", """{"text":"x","payload":{"a":1.0}}""", false)]
    [InlineData("""{"text":"x","payload":{"a":1}}""", """{"text":"x","payload":{"a":"1"}}""", false)]
    [InlineData("""{"text":"x","payload":{"a":[1,2]}}""", """{"text":"x","payload":{"a":[2,1]}}""", false)]
    [InlineData("""{"text":"x"}""", """{"text":"x","payload":{}}""", false)]
    [InlineData("""{"text":"x"}""", """{"text":"x","payload":null}""", true)]
    public async Task Sameness_of_a_request_is_of_values_not_of_bytes(string first, string second, bool same)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        (await agent.SayAsync(channel, (object)first, "k")).ShouldBe(201);

        var answer = await agent.SayAsync(channel, (object)second, "k");

        if (same)
            answer.ShouldBe(200);
        else
            answer.ShouldBeProblem("idempotency_key_reused");
    }

    [Fact, Promise(6, "The scope of a key is (channel, principal)")]
    public async Task A_key_is_free_for_another_principal_and_in_another_channel()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var other = await world.MemberAsync();
        var elsewhere = await world.ChannelAsync(agent);

        (await agent.SayAsync(channel, new { text = "mine" }, "k")).ShouldBe(201);
        (await other.SayAsync(channel, new { text = "theirs" }, "k")).ShouldBe(201);
        (await agent.SayAsync(elsewhere, new { text = "elsewhere" }, "k")).ShouldBe(201);
    }

    [Fact, Promise(6, "The key belongs to the principal, whichever of its tokens is used")]
    public async Task A_repeat_with_another_token_of_the_same_principal_is_a_repeat()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var minted = (await agent.PostAsync($"/v1/members/{agent.Id}/tokens", new { name = "second" })).ShouldBe(201);
        var second = agent with { Token = minted.Json.GetProperty("token").GetProperty("secret").GetString()! };
        var first = await agent.SayAsync(channel, new { text = "once" }, "k");

        (await second.SayAsync(channel, new { text = "once" }, "k")).ShouldBe(200).Text.ShouldBe(first.Text);
    }

    [Fact, Promise(6, "Repeated while the first is still in flight, both get the same message")]
    public async Task Many_at_once_with_one_key_are_one_message()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => agent.SayAsync(channel, new { text = "race" }, "k"))
        );

        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 200).ShouldBe(31);
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(1);
    }

    [Fact, Promise(6, "A post needs an idempotency key")]
    public async Task A_post_without_a_key_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, new { text = "x" }, null)).ShouldBeProblem("idempotency_key_required");
    }

    [Theory, Promise(6, "The key is 1 to 255 visible ASCII characters")]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_key_has_1_to_255_characters(int length, bool accepted)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var key = new string('k', length);

        var inHeader = await agent.SayAsync(channel, new { text = "x" }, key);
        var inBody = await agent.SayAsync(channel, new { text = "x", idempotency_key = key }, null);

        if (accepted)
        {
            inHeader.ShouldBe(201);
            inBody.ShouldBe(200).Text.ShouldBe(inHeader.Text);
        }
        else
        {
            inHeader.ShouldBeProblem("invalid_idempotency_key");
            inBody.ShouldBeProblem("invalid_idempotency_key");
        }
    }

    [Theory, Promise(6, "The key is of visible ASCII characters only")]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("tab\t")]
    [InlineData("é")]
    public async Task A_key_of_other_characters_is_refused(string key)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, new { text = "x", idempotency_key = key }, null)).ShouldBeProblem(
            "invalid_idempotency_key"
        );
    }

    [Fact, Promise(6, "The key may be bare or a quoted structured string")]
    public async Task A_quoted_key_is_the_bare_one()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var bare = (await agent.SayAsync(channel, new { text = "x" }, "abc")).ShouldBe(201);

        (await agent.SayAsync(channel, new { text = "x" }, "\"abc\"")).ShouldBe(200).Text.ShouldBe(bare.Text);
    }

    [Fact, Promise(6, "If header and body both give a key they must agree")]
    public async Task Header_and_body_must_agree_on_the_key()
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, new { text = "x", idempotency_key = "a" }, "b")).ShouldBeProblem(
            "invalid_idempotency_key"
        );
        (await agent.SayAsync(channel, new { text = "x", idempotency_key = "a" }, "a")).ShouldBe(201);
    }

    [Fact, Promise(3, "A refusal stores nothing")]
    public async Task A_refused_post_uses_up_no_key()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        (await agent.SayAsync(channel, new { text = "x", reply_to = 99 }, "k")).ShouldBeProblem("invalid_request");

        var answer = (await agent.SayAsync(channel, new { text = "x" }, "k")).ShouldBe(201);

        answer.Json.GetProperty("channel_seq").GetInt64().ShouldBe(1);
    }

    [Fact, Promise(3, "The idempotency key is judged before archive")]
    public async Task A_repeat_is_answered_after_the_channel_was_archived()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var first = await agent.SayAsync(channel, new { text = "x" }, "k");
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);

        (await agent.SayAsync(channel, new { text = "x" }, "k")).ShouldBe(200).Text.ShouldBe(first.Text);
        (await agent.SayAsync(channel, new { text = "y" }, "k")).ShouldBeProblem("idempotency_key_reused");
        (await agent.SayAsync(channel, new { text = "y" }, "k2")).ShouldBeProblem("channel_archived");
    }

    [Fact, Promise(6, "A key in the payload is no key")]
    public async Task A_member_of_the_payload_is_never_taken_for_one_of_the_message()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        const string body = """{"payload":{"idempotency_key":"no","text":1,"expected_head_seq":77}}""";

        var answer = (await agent.SayAsync(channel, (object)body, "k")).ShouldBe(201);

        answer
            .Json.GetProperty("payload")
            .GetRawText()
            .ShouldBe(JsonDocument.Parse(body).RootElement.GetProperty("payload").GetRawText());
    }
}
