namespace Ams.Conformance.Sockets;

/// <summary>What a socket tells of the people and the channel around the log.</summary>
public sealed class AroundTests
{
    [Fact, Promise(8, "presence tells who is here; it is never in the log")]
    public async Task Presence_tells_who_is_here()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var guest = await world.MemberAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await using (var other = await Room.OpenAsync(guest, channel))
        {
            await other.NextAsync("hello");
            await room.UntilAsync("presence", frame => frame.Text.Contains(guest.Id, StringComparison.Ordinal));
        }

        await room.UntilAsync("presence", frame => !frame.Text.Contains(guest.Id, StringComparison.Ordinal));
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldBeEmpty();
    }

    [Fact, Promise(8, "typing tells the others who writes; it is never in the log")]
    public async Task Typing_reaches_the_others()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var guest = await world.MemberAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");
        await using var other = await Room.OpenAsync(guest, channel);
        await other.NextAsync("caught_up");

        await other.SendAsync("""{"type":"typing"}""");

        var typing = await room.NextAsync("typing");
        typing.Json.GetProperty("channel_id").GetString().ShouldBe(channel);
        typing.Text.ShouldContain(guest.Id);
        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.ShouldBeEmpty();
    }

    [Fact, Promise(8, "channel tells the channel's settings when they change, on the room and on the feed")]
    public async Task A_change_of_settings_is_told()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");
        await using var feed = await Room.OpenFeedAsync(agent);
        await feed.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}"}""");
        await feed.NextAsync("caught_up");

        (await agent.PatchAsync($"/v1/channels/{channel}", new { topic = "new topic" })).ShouldBe(200);

        foreach (var socket in new[] { room, feed })
        {
            var told = await socket.NextAsync("channel");
            told.Json.GetProperty("channel_id").GetString().ShouldBe(channel);
            told.Json.GetProperty("topic").GetString().ShouldBe("new topic");
        }
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
        await room.UntilAsync("channel", frame => frame.Json.TryGetProperty("archived_at", out _));
    }

    [Fact, Promise(7, "Edits, deletions and reactions come through a live socket as they are in the log")]
    public async Task A_live_socket_tells_what_happens_to_messages()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");
        var message = $"/v1/channels/{channel}/messages/1";
        await agent.SayAsync(channel, "x");
        await agent.PutAsync($"{message}/reactions/ok");
        await agent.DeleteAsync($"{message}/reactions/ok");
        await agent.PatchAsync(message, new { text = "y" });
        await agent.DeleteAsync(message);

        var events = await room.EventsAsync(5);

        events
            .Select(text => new Frame(text).Type)
            .ShouldBe(["message.created", "reaction.added", "reaction.removed", "message.edited", "message.deleted"]);
        events.Select(text => new Frame(text).Seq).ShouldBe([1, 2, 3, 4, 5]);
    }
}
