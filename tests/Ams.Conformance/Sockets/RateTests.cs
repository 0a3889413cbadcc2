using Ams.TestKit.Processes;

namespace Ams.Conformance.Sockets;

/// <summary>A server of its own, with a low rate and a short heartbeat.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private ServerProcess _server = null!;
    private Actor _agent = null!;
    private string _channel = "";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_directory.File("ams.conf"), """{"sockets": {"heartbeat": "1s"}}""");
        var setup = new ServerSetup { Directory = _directory.Path }
            .With("AMS_RATE_LIMIT", "1/s:10")
            .With("AMS_CONFIG", "ams.conf");
        _server = await ServerProcess.StartAsync(setup);
        var world = await World.NewAsync(Target.Of(_server));
        _agent = await world.MemberAsync();
        _channel = await world.ChannelAsync();
    }

    [Fact, Promise(8, "A send over the rate is an error frame rate_limited, and the socket stays open")]
    public async Task A_send_over_the_rate_is_an_error_frame()
    {
        await using var room = await Room.OpenAsync(_agent, _channel);
        for (var i = 0; i < 30; i++)
            await room.SayAsync($"{i}", $"k{i}", "x");

        var error = await room.NextAsync("error");

        error.Json.GetProperty("code").GetString().ShouldBe("rate_limited");
        error.Json.GetProperty("retryable").GetBoolean().ShouldBeTrue();
        await room.SendAsync("""{"type":"ping","ref":"open"}""");
        (await room.NextAsync("pong")).Json.GetProperty("ref").GetString().ShouldBe("open");
    }

    [Fact, Promise(8, "4029 closes when frames of all kinds exceed ten times the rate")]
    public async Task Too_many_frames_close_with_4029()
    {
        await using var room = await Room.OpenAsync(_agent, _channel);
        await room.NextAsync("hello");

        await room.FloodAsync("""{"type":"ping"}""", count: 400);

        (await room.CloseCodeAsync()).ShouldBe(4029);
    }

    [Fact, Promise(8, "A peer that is silent for two heartbeats is closed with 4002")]
    public async Task A_silent_peer_is_closed_with_4002()
    {
        (await RawSocket.SilentCloseCodeAsync(_agent, Room.Path(_channel))).ShouldBe(4002);
    }

    [Fact, Promise(8, "The server pings every heartbeat_seconds; who answers stays")]
    public async Task A_peer_that_answers_stays_beyond_two_heartbeats()
    {
        await using var room = await Room.OpenAsync(_agent, _channel);
        (await room.NextAsync("hello")).Json.GetProperty("heartbeat_seconds").GetInt32().ShouldBe(1);
        await room.NextAsync("caught_up");
        // Reading is what answers pings.
        var pong = room.NextAsync("pong");

        // Another peer, silent from the start, measures the time: it is closed after two heartbeats.
        (await RawSocket.SilentCloseCodeAsync(_agent, Room.Path(_channel))).ShouldBe(4002);

        await room.SendAsync("""{"type":"ping","ref":"here"}""");
        (await pong).Json.GetProperty("ref").GetString().ShouldBe("here");
    }

    [Fact, Promise(2, "A batch costs its messages")]
    public async Task A_batch_is_counted_by_its_messages()
    {
        (await BatchAsync("a", messages: 9)).ShouldBe(201);
        (await BatchAsync("b", messages: 9)).ShouldBeProblem("rate_limited");
    }

    [Fact, Promise(8, "4000 on a graceful stop; its reason is the delay in ms")]
    public async Task A_stopping_server_closes_with_4000_and_a_delay()
    {
        await using var room = await Room.OpenAsync(_agent, _channel);
        await room.NextAsync("caught_up");
        var closed = room.CloseCodeAsync();

        (await _server.StopAsync()).ShouldBe(0, _server.Output.Text);

        (await closed).ShouldBe(4000);
        long.Parse(room.CloseReason.ShouldNotBeNull()).ShouldBeGreaterThanOrEqualTo(0);
    }

    private Task<Answer> BatchAsync(string prefix, int messages) =>
        _agent.PostAsync(
            $"/v1/channels/{_channel}/messages:batch",
            new { messages = Enumerable.Range(0, messages).Select(i => new { idempotency_key = $"{prefix}{i}", text = "x" }) }
        );

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}
