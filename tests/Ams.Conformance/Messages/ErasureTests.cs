using System.Text;
using Ams.TestKit.Processes;

namespace Ams.Conformance.Messages;

public sealed class ErasureTests
{
    private const string Secret = "the-text-that-must-go";
    private const string SecretPayload = "the-payload-that-must-go";

    [Fact]
    [Promise(
        7,
        "A deleted message's events read \"deleted\": true with an empty text, without payload and mentions, through every door"
    )]
    [Promise(7, "message.deleted has message_seq")]
    public async Task What_was_deleted_is_gone_from_every_door()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await SayAndDeleteAsync(world, agent, channel);

        var page = (await agent.GetAsync($"/v1/channels/{channel}/events")).ShouldBe(200);
        var lines = (await agent.GetAsync($"/v1/channels/{channel}/events", "application/x-ndjson")).ShouldBe(200);
        await using var room = await Room.OpenAsync(agent, channel, after: 0);
        using var stream = await EventSource.OpenAsync(agent, channel);
        var frames = await room.EventsAsync(4);
        var sent = new List<string>();
        while (sent.Count < 4)
            sent.Add((await stream.NextAsync()).Data);

        lines.Text.ShouldBe(string.Concat(page.RawItems.Select(line => line + "\n")));
        frames.ShouldBe(page.RawItems);
        sent.ShouldBe(page.RawItems);
        ShouldBeErased(page.Text);
        foreach (var change in page.Items.Take(2))
        {
            change.GetProperty("deleted").GetBoolean().ShouldBeTrue();
            change.GetProperty("text").GetString().ShouldBe("");
            change.TryGetProperty("payload", out _).ShouldBeFalse();
            change.TryGetProperty("mentions", out _).ShouldBeFalse();
        }
        page.Items[2].TryGetProperty("deleted", out _).ShouldBeFalse();
        page.Items[3].GetProperty("type").GetString().ShouldBe("message.deleted");
        page.Items[3].GetProperty("message_seq").GetInt64().ShouldBe(1);
    }

    [Fact, Promise(5, "messages show a deleted one as a tombstone, with deleted_at")]
    public async Task A_deleted_message_is_a_tombstone()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await SayAndDeleteAsync(world, agent, channel);

        var one = (await agent.GetAsync($"/v1/channels/{channel}/messages/1")).ShouldBe(200);

        one.Json.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        one.Json.GetProperty("deleted_at").GetString().ShouldNotBeNullOrEmpty();
        one.Json.GetProperty("text").GetString().ShouldBe("");
        ShouldBeErased(one.Text);
        var page = (await agent.GetAsync($"/v1/channels/{channel}/messages")).ShouldBe(200);
        page.Items.Count.ShouldBe(2);
        page.RawItems[0].ShouldBe(one.Text);
    }

    [Fact, Promise(6, "A repeat of a post answers the event as it now stands, also when it was deleted")]
    public async Task A_repeat_of_a_deleted_post_answers_what_is_left()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await SayAndDeleteAsync(world, agent, channel);

        var repeat = (await agent.SayAsync(channel, Post(world), "k")).ShouldBe(200);
        var batch = (
            await agent.PostAsync(
                $"/v1/channels/{channel}/messages:batch",
                $$"""{"messages":[{{Post(world).Replace("{\"text", "{\"idempotency_key\":\"k\",\"text", StringComparison.Ordinal)}}]}"""
            )
        ).ShouldBe(200);

        repeat.Header("Idempotency-Replayed").ShouldBe("true");
        repeat.Text.ShouldBe((await agent.GetAsync($"/v1/channels/{channel}/events")).RawItems[0]);
        batch.RawItems.ShouldBe([repeat.Text]);
        ShouldBeErased(repeat.Text);
    }

    [Fact, Promise(5, "Deleting is 204, also when it was done already; a deleted message can't be changed any more")]
    public async Task Deleting_twice_is_204_and_writes_one_event()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        await SayAndDeleteAsync(world, agent, channel);

        (await agent.DeleteAsync($"/v1/channels/{channel}/messages/1")).ShouldBe(204);

        (await agent.GetAsync($"/v1/channels/{channel}/events")).Items.Count.ShouldBe(4);
        (await agent.PatchAsync($"/v1/channels/{channel}/messages/1", new { text = "x" })).ShouldBeProblem("message_deleted");
        (await agent.PutAsync($"/v1/channels/{channel}/messages/1/reactions/ok")).ShouldBeProblem("message_deleted");
        (await agent.DeleteAsync($"/v1/channels/{channel}/messages/9")).ShouldBeProblem("not_found");
    }

    [Fact, Promise(5, "A message is deleted by its author, an admin or an owner")]
    public async Task A_moderator_deletes_and_a_stranger_does_not()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var (stranger, admin) = (await world.MemberAsync(), await world.MemberAsync("admin"));
        await agent.CountAsync(channel, 3);

        (await stranger.DeleteAsync($"/v1/channels/{channel}/messages/1")).ShouldBeProblem("not_author");
        foreach (var (actor, seq) in new[] { (agent, 1), (admin, 2), (world.Owner, 3) })
            (await actor.DeleteAsync($"/v1/channels/{channel}/messages/{seq}")).ShouldBe(204);
    }

    [Fact, Promise(7, "Before the deletion is answered, the content is gone from the stored bytes")]
    public async Task What_was_deleted_is_in_no_file_of_the_store()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(new ServerSetup { Directory = directory.Path });
        var world = await World.NewAsync(Target.Of(server));
        var channel = await world.ChannelAsync();
        await world.Owner.SayAsync(channel, Post(world), "k");
        FilesWith(directory, Secret).ShouldNotBeEmpty();

        (await world.Owner.DeleteAsync($"/v1/channels/{channel}/messages/1")).ShouldBe(204);

        FilesWith(directory, Secret).ShouldBeEmpty();
        FilesWith(directory, SecretPayload).ShouldBeEmpty();
    }

    private static string Post(World world) =>
        $$$"""{"text":"{{{Secret}}}","payload":{"secret":"{{{SecretPayload}}}"},"mentions":["{{{world.Owner.Id}}}"]}""";

    /// <summary>1: a message with everything, 2: its edit, 3: another message, 4: the deletion.</summary>
    private static async Task SayAndDeleteAsync(World world, Actor agent, string channel)
    {
        (await agent.SayAsync(channel, (object)Post(world), "k")).ShouldBe(201);
        (await agent.PatchAsync($"/v1/channels/{channel}/messages/1", new { text = $"{Secret} again" })).ShouldBe(200);
        await agent.SayAsync(channel, "stays");
        (await agent.DeleteAsync($"/v1/channels/{channel}/messages/1")).ShouldBe(204);
    }

    private static void ShouldBeErased(string text)
    {
        text.ShouldNotContain(Secret);
        text.ShouldNotContain(SecretPayload);
    }

    private static List<string> FilesWith(TempDirectory directory, string text) =>
        [
            .. Directory
                .EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories)
                .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
                .Where(path => BytesOf(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0),
        ];

    private static byte[] BytesOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
