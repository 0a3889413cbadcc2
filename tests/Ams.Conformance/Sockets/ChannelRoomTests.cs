using System.Net.WebSockets;
using System.Text;

namespace Ams.Conformance.Sockets;

public sealed class ChannelRoomTests
{
    [Fact, Promise(8, "hello is the first frame")]
    public async Task Hello_comes_first_and_says_where_one_stands()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 3);
        var logId = (await agent.GetAsync($"/v1/channels/{channel}/events")).Json.GetProperty("log_id").GetString();

        await using var room = await Room.OpenAsync(agent, channel, after: 1);

        var hello = await room.NextAsync();
        hello.Type.ShouldBe("hello");
        hello.Json.GetProperty("channel_id").GetString().ShouldBe(channel);
        hello.Json.GetProperty("head_seq").GetInt64().ShouldBe(3);
        hello.Json.GetProperty("after").GetInt64().ShouldBe(1);
        hello.Json.GetProperty("log_id").GetString().ShouldBe(logId);
        hello.Json.GetProperty("principal_id").GetString().ShouldBe(agent.Id);
        hello.Json.GetProperty("heartbeat_seconds").GetInt32().ShouldBeGreaterThan(0);
        hello.Json.GetProperty("node").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact, Promise(8, "Events come strictly ascending from after + 1; caught_up follows the replay")]
    public async Task Replay_then_caught_up_then_live()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var posted = await agent.CountAsync(channel, 3);
        await using var room = await Room.OpenAsync(agent, channel, after: 1);
        (await room.NextAsync()).Type.ShouldBe("hello");

        (await room.NextAsync()).Text.ShouldBe(posted[1]);
        (await room.NextAsync()).Text.ShouldBe(posted[2]);
        var caughtUp = await room.NextAsync();
        caughtUp.Type.ShouldBe("caught_up");
        caughtUp.Seq.ShouldBe(3);
        var live = await agent.SayAsync(channel, "live");
        (await room.NextAsync("message.created")).Text.ShouldBe(live.Text);
    }

    [Fact, Promise(8, "Without after a socket begins at the head; caught_up comes also when there was nothing to replay")]
    public async Task Without_a_position_it_begins_at_the_head()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await agent.CountAsync(channel, 2);
        await using var room = await Room.OpenAsync(agent, channel);

        (await room.NextAsync()).Json.GetProperty("after").GetInt64().ShouldBe(2);
        var caughtUp = await room.NextAsync();
        caughtUp.Type.ShouldBe("caught_up");
        caughtUp.Seq.ShouldBe(2);
        await agent.SayAsync(channel, "3");
        (await room.NextAsync("message.created")).Seq.ShouldBe(3);
    }

    [Fact, Promise(8, "No gap and no repeat from replay into live, while others post")]
    public async Task A_reader_that_joins_under_load_misses_and_repeats_nothing()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var writers = new List<Actor>();
        while (writers.Count < 4)
            writers.Add(await world.MemberAsync());
        var writing = Task.WhenAll(writers.Select(writer => writer.CountAsync(channel, 50)));

        await using var room = await Room.OpenAsync(agent, channel, after: 0);
        var seen = await room.EventsAsync(200);

        await writing;
        seen.Select(text => new Frame(text).Seq).ShouldBe(Enumerable.Range(1, 200).Select(i => (long)i));
        seen.ShouldBe((await agent.GetAsync($"/v1/channels/{channel}/events?limit=1000")).RawItems);
    }

    [Fact, Promise(8, "send is answered by an ack with ref, channel_seq, id and replayed")]
    public async Task A_send_is_acknowledged_and_read_by_everybody()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        await room.NextAsync("caught_up");

        await room.SayAsync("r1", "k", "hello");
        var ack = await room.NextAsync("ack");
        ack.Json.GetProperty("ref").GetString().ShouldBe("r1");
        ack.Seq.ShouldBe(1);
        ack.Json.GetProperty("replayed").GetBoolean().ShouldBeFalse();

        await room.SayAsync("r2", "k", "hello");
        var again = await room.NextAsync("ack");
        again.Json.GetProperty("ref").GetString().ShouldBe("r2");
        again.Seq.ShouldBe(1);
        again.Json.GetProperty("id").GetString().ShouldBe(ack.Json.GetProperty("id").GetString());
        again.Json.GetProperty("replayed").GetBoolean().ShouldBeTrue();
        (await agent.SayAsync(channel, new { text = "hello" }, "k")).ShouldBe(200);
    }

    [Fact, Promise(8, "Sends may be pipelined; order and acks keep it")]
    public async Task Pipelined_sends_keep_their_order()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        for (var i = 1; i <= 50; i++)
            await room.SayAsync($"{i}", $"k{i}", $"{i}");

        for (var i = 1; i <= 50; i++)
        {
            var ack = await room.NextAsync("ack");
            ack.Json.GetProperty("ref").GetString().ShouldBe($"{i}");
            ack.Seq.ShouldBe(i);
        }
        (await agent.GetAsync($"/v1/channels/{channel}/events"))
            .Items.Select(item => item.GetProperty("text").GetString())
            .ShouldBe(Enumerable.Range(1, 50).Select(i => $"{i}"));
    }

    [Theory, Promise(8, "error is a fault of one frame; the socket stays open")]
    [InlineData("""{"type":"send","ref":"x","text":"no key"}""", "idempotency_key_required")]
    [InlineData("""{"type":"send","ref":"x","idempotency_key":"k","txt":1}""", "invalid_request")]
    [InlineData("""{"type":"send","ref":"x","idempotency_key":"k","text":"x","reply_to":9}""", "invalid_request")]
    [InlineData("""{"type":"send","ref":"x","idempotency_key":"bad key","text":"x"}""", "invalid_idempotency_key")]
    [InlineData("""{"type":"nonsense","ref":"x"}""", "invalid_request")]
    public async Task A_bad_frame_is_an_error_and_the_socket_stays_open(string frame, string code)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);

        await room.SendAsync(frame);
        var error = await room.NextAsync("error");
        error.Json.GetProperty("code").GetString().ShouldBe(code, error.Text);
        error.Json.GetProperty("ref").GetString().ShouldBe("x");
        error.Json.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        error.Json.GetProperty("retryable").GetBoolean().ShouldBeFalse();

        await room.SayAsync("good", "good", "still open");
        (await room.NextAsync("ack")).Seq.ShouldBe(1);
    }

    [Fact, Promise(8, "ping is answered by pong with its ref")]
    public async Task A_ping_is_answered_by_a_pong()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);

        await room.SendAsync("""{"type":"ping","ref":"p"}""");
        (await room.NextAsync("pong")).Json.GetProperty("ref").GetString().ShouldBe("p");
        await room.SendAsync("""{"type":"ping"}""");
        (await room.NextAsync("pong")).Json.TryGetProperty("ref", out _).ShouldBeFalse();
    }

    [Theory, Promise(8, "4500 closes on an unreadable frame: not JSON, or not an object")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"type\":\"ping\"")]
    public async Task An_unreadable_frame_closes_with_4500(string frame)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);

        await room.SendAsync(frame);

        (await room.CloseCodeAsync()).ShouldBe(4500);
    }

    [Fact, Promise(8, "4500 closes on a frame that is not text")]
    public async Task A_binary_frame_closes_with_4500()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);

        await room.SendAsync("""{"type":"ping"}""", WebSocketMessageType.Binary);

        (await room.CloseCodeAsync()).ShouldBe(4500);
    }

    [Fact, Promise(8, "4513 closes on a frame over 1 MiB; one of 1 MiB is read")]
    public async Task A_frame_is_at_most_1_MiB()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var room = await Room.OpenAsync(agent, channel);
        const int frameBytesMax = 1024 * 1024;
        const string ping = """{"type":"ping"}""";

        await room.SendAsync(ping + new string(' ', frameBytesMax - ping.Length));
        (await room.NextAsync("pong")).ShouldNotBeNull();
        await room.SendAsync(Encoding.ASCII.GetBytes(ping + new string(' ', frameBytesMax + 1 - ping.Length)));

        (await room.CloseCodeAsync()).ShouldBe(4513);
    }

    [Fact, Promise(5, "A socket of an archived channel still reads; a send is an error frame")]
    public async Task A_send_to_an_archived_channel_is_an_error_frame()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var said = await agent.SayAsync(channel, "x");
        (await agent.DeleteAsync($"/v1/channels/{channel}")).ShouldBe(204);
        await using var room = await Room.OpenAsync(agent, channel, after: 0);
        (await room.EventsAsync(1)).ShouldBe([said.Text]);

        await room.SayAsync("r", "k", "y");

        (await room.NextAsync("error")).Json.GetProperty("code").GetString().ShouldBe("channel_archived");
    }
}
