using System.Text.Json;

namespace Ams.Conformance.Resources;

public sealed class ChannelChangeTests
{
    [Fact, Promise(5, "PATCH answers 200 with the channel; name, topic and max_hops change")]
    public async Task A_channel_s_settings_change()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var name = World.NewName("renamed");

        var changed = (
            await agent.PatchAsync(
                $"/v1/channels/{channel}",
                new
                {
                    name,
                    topic = "what it is about",
                    max_hops = 5,
                }
            )
        ).ShouldBe(200);

        var shown = changed.Json.GetProperty("channel");
        shown.GetProperty("name").GetString().ShouldBe(name);
        shown.GetProperty("topic").GetString().ShouldBe("what it is about");
        shown.GetProperty("max_hops").GetInt32().ShouldBe(5);
        (await agent.GetAsync($"/v1/channels/{channel}")).Text.ShouldBe(changed.Text);
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldBeEmpty();
    }

    [Fact, Promise(5, "A channel takes no name that is taken, and no member that it does not know")]
    public async Task A_change_that_is_none_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var taken = World.NewName("taken");
        await World.ChannelAsync(agent, new { name = taken });

        (await agent.PatchAsync($"/v1/channels/{channel}", new { name = taken })).ShouldBeProblem("name_taken");
        (await agent.PatchAsync($"/v1/channels/{channel}", new { name = "Not One" }))
            .ShouldBeProblem("invalid_request")
            .ShouldName("name");
        (await agent.PatchAsync($"/v1/channels/{channel}", new { visibility = "private" }))
            .ShouldBeProblem("invalid_request")
            .ShouldName("visibility");
        (await agent.PatchAsync($"/v1/channels/{channel}", new { max_hops = 0 }))
            .ShouldBeProblem("invalid_request")
            .ShouldName("max_hops");
    }

    [Fact, Promise(5, "A channel is changed, archived and unarchived by who manages it")]
    public async Task Who_does_not_manage_a_channel_does_not_change_it()
    {
        var (world, _, channel) = await World.WithChannelAsync();
        var (other, admin) = (await world.MemberAsync(), await world.MemberAsync("admin"));

        (await other.PatchAsync($"/v1/channels/{channel}", new { topic = "x" })).ShouldBeProblem("role_too_low");
        (await other.PostAsync($"/v1/channels/{channel}/unarchive", "{}")).ShouldBeProblem("role_too_low");
        (await admin.PatchAsync($"/v1/channels/{channel}", new { topic = "x" })).ShouldBe(200);
        (await admin.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
        (await world.Owner.PostAsync($"/v1/channels/{channel}/unarchive", "{}")).ShouldBe(200);
    }

    [Fact, Promise(5, "unarchive answers 200 with the channel, which is writable again")]
    public async Task An_unarchived_channel_goes_on()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.SayAsync(channel, "before");
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
        (await agent.GetAsync($"/v1/channels/{channel}"))
            .Json.GetProperty("channel")
            .GetProperty("archived_at")
            .GetString()
            .ShouldNotBeNullOrEmpty();

        var back = (await agent.PostAsync($"/v1/channels/{channel}/unarchive", "{}")).ShouldBe(200);

        back.Json.GetProperty("channel").TryGetProperty("archived_at", out _).ShouldBeFalse();
        (await agent.SayAsync(channel, "after")).Json.GetProperty("channel_seq").GetInt64().ShouldBe(2);
        (await agent.PostAsync($"/v1/channels/{channel}/unarchive", "{}")).ShouldBe(200);
    }

    [Fact, Promise(5, "A name is unique among live channels: unarchiving does not take it back from another")]
    public async Task A_channel_whose_name_was_taken_meanwhile_stays_archived()
    {
        var owner = (await World.NewAsync()).Owner;
        var first = await World.ChannelAsync(owner, new { name = "builds" });
        await owner.DeleteAsync($"/v1/channels/{first}");
        await World.ChannelAsync(owner, new { name = "builds" });

        (await owner.PostAsync($"/v1/channels/{first}/unarchive", "{}")).ShouldBeProblem("name_taken");
    }

    [Fact, Promise(5, "unread counts the messages after one's cursor")]
    public async Task Unread_counts_messages_and_not_events()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 3);
        await agent.PatchAsync($"/v1/channels/{channel}/messages/1", new { text = "edited" });

        var shown = (await agent.GetAsync($"/v1/channels/{channel}")).Json.GetProperty("channel");
        var listed = (await agent.GetAsync("/v1/channels")).Items.Single(item => item.GetProperty("id").GetString() == channel);

        foreach (var view in new JsonElement[] { shown, listed })
        {
            view.GetProperty("head_seq").GetInt64().ShouldBe(4);
            view.GetProperty("unread").GetInt64().ShouldBe(3);
        }
    }
}
