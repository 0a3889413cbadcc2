namespace Ams.Conformance.Messages;

public sealed class EditTests
{
    [Fact]
    [Promise(5, "PATCH answers 200 the message as it stands now, with edited_at")]
    [Promise(7, "message.edited has message_seq and what was changed of text and payload")]
    public async Task An_edit_is_an_event_and_changes_the_message()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var said = await agent.SayAsync(channel, new { text = "old", payload = new { run = 1 } }, "k");

        var edited = (await agent.PatchAsync(Message(channel, 1), new { text = "new" })).ShouldBe(200);

        edited.Json.GetProperty("type").GetString().ShouldBe("message.created");
        edited.Json.GetProperty("id").GetString().ShouldBe(said.Json.GetProperty("id").GetString());
        edited.Json.GetProperty("channel_seq").GetInt64().ShouldBe(1);
        edited.Json.GetProperty("text").GetString().ShouldBe("new");
        edited.Json.GetProperty("payload").GetRawText().ShouldBe("""{"run":1}""");
        edited.Json.GetProperty("edited_at").GetString().ShouldNotBeNullOrEmpty();
        (await agent.GetAsync(Message(channel, 1))).Text.ShouldBe(edited.Text);
        (await agent.GetAsync($"/v1/channels/{channel}/messages")).RawItems.ShouldBe([edited.Text]);
        var events = (await agent.GetAsync($"/v1/channels/{channel}/events")).ShouldBe(200);
        events.RawItems[0].ShouldBe(said.Text);
        var change = events.Items[1];
        change.GetProperty("type").GetString().ShouldBe("message.edited");
        change.GetProperty("channel_seq").GetInt64().ShouldBe(2);
        change.GetProperty("message_seq").GetInt64().ShouldBe(1);
        change.GetProperty("text").GetString().ShouldBe("new");
        change.TryGetProperty("payload", out _).ShouldBeFalse();
        change.GetProperty("author").GetProperty("id").GetString().ShouldBe(agent.Id);
    }

    [Fact, Promise(5, "A message is edited by its author only")]
    public async Task Nobody_edits_what_another_wrote()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var admin = await world.MemberAsync("admin");
        await agent.SayAsync(channel, "mine");

        (await admin.PatchAsync(Message(channel, 1), new { text = "x" })).ShouldBeProblem("not_author");
        (await world.Owner.PatchAsync(Message(channel, 1), new { text = "x" })).ShouldBeProblem("not_author");

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldHaveSingleItem();
    }

    [Fact, Promise(5, "With a key, a repeated edit changes nothing again; the same key with another request is 422")]
    public async Task An_edit_with_a_key_is_done_once()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "1");
        (await agent.PatchAsync(Message(channel, 1), new { text = "2" }, "e")).ShouldBe(200);

        var again = (await agent.PatchAsync(Message(channel, 1), new { text = "2" }, "e")).ShouldBe(200);

        again.Header("Idempotency-Replayed").ShouldBe("true");
        (await agent.PatchAsync(Message(channel, 1), new { text = "3" }, "e")).ShouldBeProblem("idempotency_key_reused");
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(2);
    }

    [Fact, Promise(5, "Keys of changes and those of posts are one set")]
    public async Task A_key_of_a_post_is_no_key_for_a_change()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, new { text = "x" }, "k");

        (await agent.PatchAsync(Message(channel, 1), new { text = "y" }, "k")).ShouldBeProblem("idempotency_key_reused");
        (await agent.DeleteAsync(Message(channel, 1), "k")).ShouldBeProblem("idempotency_key_reused");
        (await agent.PutAsync($"{Message(channel, 1)}/reactions/ok", key: "k")).ShouldBeProblem("idempotency_key_reused");
        (await agent.PatchAsync(Message(channel, 1), new { text = "y" }, "e")).ShouldBe(200);
        (await agent.SayAsync(channel, new { text = "y" }, "e")).ShouldBeProblem("idempotency_key_reused");
    }

    [Fact, Promise(5, "Without a key, a repeat is a new change")]
    public async Task An_edit_without_a_key_is_done_each_time()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "a");

        foreach (var text in new[] { "b", "a", "b" })
            (await agent.PatchAsync(Message(channel, 1), new { text })).ShouldBe(200);

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(4);
    }

    [Fact, Promise(5, "A change that changes nothing writes nothing and uses up no key")]
    public async Task An_edit_to_what_it_is_already_is_no_event()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "same");

        var same = (await agent.PatchAsync(Message(channel, 1), new { text = "same" }, "k")).ShouldBe(200);

        same.Json.TryGetProperty("edited_at", out _).ShouldBeFalse();
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldHaveSingleItem();
        (await agent.PatchAsync(Message(channel, 1), new { text = "other" }, "k")).ShouldBe(200);
    }

    [Fact, Promise(5, "An edit keeps the rules of a message and names what breaks them")]
    public async Task An_edit_that_is_none_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "x");
        await agent.SayAsync(channel, "y");
        await agent.PatchAsync(Message(channel, 1), new { text = "z" });

        (await agent.PatchAsync(Message(channel, 1), "{}")).ShouldBeProblem("invalid_request");
        (await agent.PatchAsync(Message(channel, 1), new { reply_to = 2 }))
            .ShouldBeProblem("invalid_request")
            .ShouldName("reply_to");
        (await agent.PatchAsync(Message(channel, 1), new { text = "" })).ShouldBeProblem("invalid_request");
        (await agent.PatchAsync(Message(channel, 3), new { text = "an edit is no message" })).ShouldBeProblem("not_found");
        (await agent.PatchAsync(Message(channel, 9), new { text = "x" })).ShouldBeProblem("not_found");
        (await agent.PatchAsync(Message(channel, 1), new { text = new string('x', (64 * 1024) + 1) })).ShouldBeProblem(
            "body_too_large"
        );
    }

    [Fact, Promise(5, "An archived channel's messages are not changed any more")]
    public async Task An_archived_channel_takes_no_change()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "x");
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);

        (await agent.PatchAsync(Message(channel, 1), new { text = "y" })).ShouldBeProblem("channel_archived");
        (await agent.PutAsync($"{Message(channel, 1)}/reactions/ok")).ShouldBeProblem("channel_archived");
        (await agent.DeleteAsync(Message(channel, 1))).ShouldBeProblem("channel_archived");
    }

    private static string Message(string channel, long seq) => $"/v1/channels/{channel}/messages/{seq}";
}
