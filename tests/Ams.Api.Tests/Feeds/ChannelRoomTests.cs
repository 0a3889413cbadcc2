using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Tests.Feeds;

public sealed class ChannelRoomTests : IAsyncLifetime
{
    private SocketServer _server = null!;
    private string _token = "";
    private string _channel = "";

    public async Task InitializeAsync()
    {
        _server = await SocketServer.StartAsync();
        _token = _server.Directory.AddToken("bot");
        _channel = _server.Directory.AddChannel("builds");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Hello_comes_first_then_the_log_then_caught_up()
    {
        for (var i = 1; i <= 3; i++)
            _server.Log.Append(_channel, $"m{i}");
        await using var client = await _server.RoomAsync(_channel, _token, "?after=1");

        var hello = await client.NextAsync("hello");
        hello.GetProperty("channel_id").GetString().ShouldBe(_channel);
        hello.GetProperty("head_seq").GetInt64().ShouldBe(3);
        hello.GetProperty("after").GetInt64().ShouldBe(1);
        hello.GetProperty("log_id").GetString().ShouldBe(MemoryLog.LogId);
        hello.GetProperty("principal_id").GetString().ShouldBe("prn_bot");
        hello.GetProperty("heartbeat_seconds").GetInt32().ShouldBe(15);
        hello.GetProperty("node").GetString().ShouldNotBeNullOrEmpty();
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(2);
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(3);
        (await client.NextAsync("caught_up")).GetProperty("channel_seq").GetInt64().ShouldBe(3);
        _server.Log.Append(_channel, "m4");
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task Without_after_it_begins_at_the_head()
    {
        _server.Log.Append(_channel, "old");
        await using var client = await _server.RoomAsync(_channel, _token);
        (await client.NextAsync("hello")).GetProperty("after").GetInt64().ShouldBe(1);
        (await client.NextAsync("caught_up")).GetProperty("channel_seq").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Sends_may_be_pipelined_and_acks_keep_their_order()
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        var held = new TaskCompletionSource();
        _server.Log.Held = held.Task;
        const int Sends = 200; // more than may be under way at once
        var frames = Enumerable.Range(1, Sends).SelectMany(i => ClientFrames.Text(Send($"r{i}", $"k{i}"))).ToArray();
        var sending = client.RawAsync(frames);
        held.SetResult();
        await sending;

        var acks = new List<string>();
        var events = new List<long>();
        while (acks.Count < Sends || events.Count < Sends)
        {
            var frame = await client.NextAsync();
            if (frame.GetProperty("type").GetString() == "ack")
                acks.Add($"{frame.GetProperty("ref").GetString()}={frame.GetProperty("channel_seq").GetInt64()}");
            else
                events.Add(frame.GetProperty("channel_seq").GetInt64());
        }
        acks.ShouldBe(Enumerable.Range(1, Sends).Select(i => $"r{i}={i}"));
        events.ShouldBe(Enumerable.Range(1, Sends).Select(i => (long)i));
    }

    [Fact]
    public async Task No_more_sends_than_the_limit_are_under_way_and_the_rest_waits_in_the_socket()
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        var held = new TaskCompletionSource();
        _server.Log.Held = held.Task;
        for (var i = 1; i <= 66; i++)
            await client.SendAsync(Send($"r{i}", $"k{i}"));
        await Wait.UntilAsync(() => _server.Log.Asked.Count == 64);
        // A ping in the same stream would be answered at once if the socket were still read.
        await client.SendAsync("""{"type":"ping","ref":"p"}""");
        _server.Log.Asked.Count.ShouldBe(64);
        held.SetResult();
        await client.UntilAsync("pong");
        _server.Log.Asked.Count.ShouldBe(66);
    }

    [Fact]
    public async Task A_faulty_send_is_an_error_frame_in_its_place_and_the_socket_stays_open()
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await client.SendAsync("""{"type":"send","ref":"a","text":"no key"}""");
        await client.SendAsync("""{"type":"send","ref":"b","idempotency_key":"k","text":"x","tpyo":1}""");
        await client.SendAsync("""{"type":"send","ref":"c","idempotency_key":"k","text":"x","mentions":["prn_nobody"]}""");
        await client.SendAsync(Send("d", "k"));
        var error = await client.NextAsync("error");
        error.GetProperty("ref").GetString().ShouldBe("a");
        error.GetProperty("code").GetString().ShouldBe("idempotency_key_required");
        error.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("retryable").GetBoolean().ShouldBeFalse();
        (await client.NextAsync("error")).GetProperty("code").GetString().ShouldBe("invalid_request");
        (await client.NextAsync("error")).GetProperty("ref").GetString().ShouldBe("c");
        var ack = await client.UntilAsync("ack");
        ack.GetProperty("ref").GetString().ShouldBe("d");
        ack.GetProperty("channel_seq").GetInt64().ShouldBe(1);
        ack.GetProperty("id").GetString().ShouldBe("msg_1");
        ack.GetProperty("replayed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_send_needs_the_scope_to_write()
    {
        var reader = _server.Directory.AddToken("reader", Scopes.MessagesRead);
        await using var client = await (await _server.RoomAsync(_channel, reader)).LiveAsync();
        await client.SendAsync(Send("a", "k"));
        (await client.NextAsync("error")).GetProperty("code").GetString().ShouldBe("scope_missing");
        await client.SendAsync("""{"type":"ping"}""");
        await client.NextAsync("pong");
    }

    [Fact]
    public async Task A_send_to_an_archived_channel_is_an_error_frame()
    {
        _server.Directory.Archive(_channel);
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await client.SendAsync(Send("a", "k"));
        (await client.NextAsync("error")).GetProperty("code").GetString().ShouldBe("channel_archived");
    }

    [Theory]
    [InlineData("""{"type":"dance","ref":"r"}""")]
    [InlineData("""{"ref":"r"}""")]
    [InlineData("""{"type":7,"ref":"r"}""")]
    [InlineData("""{"type":"ping","ref":"r","more":1}""")]
    [InlineData("""{"type":"ping","ref":7}""")]
    [InlineData("""{"type":"subscribe","channel_id":"chn_builds"}""")]
    [InlineData("""{"type":"ping","type":"ping"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"type":"ping"}""")]
    public async Task A_frame_with_a_wrong_member_is_an_error_frame(string frame)
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await client.SendAsync(frame);
        (await client.NextAsync("error")).GetProperty("code").GetString().ShouldBe("invalid_request");
        await client.SendAsync("""{"type":"ping","ref":"still here"}""");
        (await client.NextAsync("pong")).GetProperty("ref").GetString().ShouldBe("still here");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"type":"ping"} x""")]
    [InlineData("""{"type":"ping",}""")]
    public async Task A_frame_that_is_no_json_object_closes_with_4500(string frame)
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await client.SendAsync(frame);
        (await client.ClosedAsync()).Code.ShouldBe(4500);
    }

    [Fact]
    public async Task A_binary_frame_closes_with_4500_and_one_over_1_MiB_with_4513()
    {
        await using var binary = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await binary.RawAsync(ClientFrames.Frame(0x2, "{}"u8));
        (await binary.ClosedAsync()).Code.ShouldBe(4500);

        await using var large = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await large.RawAsync(ClientFrames.Text("{}" + new string(' ', Limits.FrameBytesMax - 2)));
        await large.NextAsync("error"); // at the limit it is only a frame without a type
        await large.RawAsync(ClientFrames.Text("{}" + new string(' ', Limits.FrameBytesMax - 1)));
        (await large.ClosedAsync()).Code.ShouldBe(4513);
    }

    [Fact]
    public async Task Frames_torn_at_every_byte_are_understood()
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        var frame = ClientFrames.Text("""{"type":"ping","ref":"ü"}""");
        for (var tear = 1; tear < frame.Length; tear++)
        {
            await client.RawAsync(frame.AsMemory(0, tear));
            await client.RawAsync(frame.AsMemory(tear));
            (await client.NextAsync("pong")).GetProperty("ref").GetString().ShouldBe("ü");
        }
    }

    [Fact]
    public async Task A_ping_of_the_protocol_is_answered_with_its_payload_and_a_close_with_its_code()
    {
        await using var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        await client.RawAsync(ClientFrames.Ping("abc"));
        var pong = await client.FrameAsync();
        while (pong?.Opcode == 0x1)
            pong = await client.FrameAsync();
        pong!.Value.Opcode.ShouldBe(0xA);
        pong.Value.Payload.ShouldBe("abc"u8.ToArray());
        await client.RawAsync(ClientFrames.Close(1001, "bye"));
        (await client.ClosedAsync()).Code.ShouldBe(1001);
        await Wait.UntilAsync(() => _server.Sockets.Count == 0);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_nothing_behind()
    {
        var client = await (await _server.RoomAsync(_channel, _token)).LiveAsync();
        _server.Sockets.Count.ShouldBe(1);
        await client.DisposeAsync();
        await Wait.UntilAsync(() => _server.Sockets.Count == 0);
    }

    [Fact]
    public async Task Resume_from_any_number_begins_right_after_it()
    {
        const int Events = 50;
        for (var i = 1; i <= Events; i++)
            _server.Log.Append(_channel, $"m{i}");
        for (var after = 0; after <= Events; after++)
        {
            await using var client = await _server.RoomAsync(_channel, _token, $"?after={after}&log_id={MemoryLog.LogId}");
            await client.NextAsync("hello");
            for (var seq = after + 1; seq <= Events; seq++)
                (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(seq);
            await client.NextAsync("caught_up");
        }
    }

    [Fact]
    public async Task Two_hundred_subscribers_under_concurrent_writers_each_see_every_event_once_in_order()
    {
        const int Subscribers = 200;
        const int Writers = 4;
        const int EventsEach = 100;
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Subscribers).Select(_ => _server.RoomAsync(_channel, _token, "?after=0"))
        );
        var reading = clients.Select(async client =>
        {
            await client.NextAsync("hello");
            for (long expected = 1; expected <= Writers * EventsEach; )
            {
                var frame = await client.NextAsync();
                if (frame.GetProperty("type").GetString() != "message.created")
                    continue;
                frame.GetProperty("channel_seq").GetInt64().ShouldBe(expected);
                expected++;
            }
        });
        var writing = Enumerable
            .Range(0, Writers)
            .Select(writer =>
                Task.Run(() =>
                {
                    for (var i = 0; i < EventsEach; i++)
                        _server.Log.Append(_channel, $"w{writer}-{i}");
                })
            );
        await Task.WhenAll(writing.Concat(reading));
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_that_stalls_holds_up_nobody_and_misses_nothing_when_it_goes_on()
    {
        await using var slow = await _server.RoomAsync(_channel, _token, "?after=0");
        await using var quick = await _server.RoomAsync(_channel, _token, "?after=0");
        var text = new string('x', 50_000);
        const int Events = 400; // 20 MB: more than any socket buffer holds
        for (var i = 0; i < Events; i++)
            _server.Log.Append(_channel, text);
        await ReadAllAsync(quick, Events);
        await ReadAllAsync(slow, Events);
    }

    private static async Task ReadAllAsync(SocketClient client, int events)
    {
        for (long expected = 1; expected <= events; expected++)
            (await client.UntilAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(expected);
    }

    private static string Send(string mark, string key) =>
        JsonSerializer.Serialize(
            new
            {
                type = "send",
                @ref = mark,
                idempotency_key = key,
                text = "hi",
            }
        );
}
