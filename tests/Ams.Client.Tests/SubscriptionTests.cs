using System.Collections.Concurrent;
using System.Net.WebSockets;
using Ams.Contracts;
using Microsoft.AspNetCore.Http;
using static Ams.Client.Tests.FakeServer;

namespace Ams.Client.Tests;

public sealed class SubscriptionTests
{
    private static readonly SubscribeOptions Quick = new()
    {
        ReconnectDelayMin = TimeSpan.FromMilliseconds(1),
        ReconnectDelayMax = TimeSpan.FromMilliseconds(5),
    };

    public static TheoryData<int> CloseCodesThatReconnect => [1001, 1006, 1011, 1012, 4000, 4001, 4002, 4003, 4029, 4250, 4499];

    public static TheoryData<int, int> CloseCodesThatStop =>
        new()
        {
            { 4500, 400 },
            { 4501, 401 },
            { 4503, 403 },
            { 4504, 404 },
            { 4509, 400 },
            { 4510, 410 },
            { 4513, 413 },
            { 4600, 0 },
            { 4999, 0 },
        };

    [Theory]
    [MemberData(nameof(CloseCodesThatReconnect))]
    public async Task A_close_code_that_says_come_back_resumes_from_the_last_event(int code)
    {
        var asked = new ConcurrentQueue<string>();
        var read = new TaskCompletionSource();
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, connection) =>
                {
                    asked.Enqueue(context.Request.QueryString.Value!);
                    await socket.SayAsync(Hello(3, connection == 1 ? 0 : 2));
                    if (connection > 1)
                    {
                        await socket.SayAsync(Event(3));
                        return;
                    }

                    await socket.SayAsync(Event(1));
                    await socket.SayAsync(Event(2));
                    if (code == 1006)
                    {
                        // A reset throws away what was not read yet.
                        await read.Task;
                        context.Abort();
                    }
                    else
                    {
                        await socket.EndAsync(code);
                    }
                }
            )
        );
        using var client = server.Client();

        var seen = await TakeAsync(
            client.SubscribeAsync("chn_a", 0, Quick),
            3,
            e => _ = e.ChannelSeq == 2 && read.TrySetResult()
        );

        seen.Select(e => e.ChannelSeq).ShouldBe([1, 2, 3]);
        asked.ShouldBe(["?after=0", "?after=2&log_id=L1"]);
    }

    [Theory]
    [MemberData(nameof(CloseCodesThatStop))]
    public async Task A_close_code_that_says_stop_ends_in_an_exception_that_tells_why(int code, int status)
    {
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, _) =>
                {
                    await socket.SayAsync(Hello(0, 0));
                    await socket.EndAsync(code, "because");
                }
            )
        );
        using var client = server.Client();

        var fault = await Should.ThrowAsync<AmsException>(() => TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 1));

        fault.CloseCode.ShouldBe(code);
        fault.Status.ShouldBe(status);
        fault.Detail.ShouldContain("because");
    }

    [Fact]
    public void Every_close_code_of_the_protocol_is_in_one_of_the_two_tables()
    {
        var reconnecting = CloseCodesThatReconnect.Cast<object[]>().Select(row => (int)row[0]);
        var stopping = CloseCodesThatStop.Cast<object[]>().Select(row => (int)row[0]);
        var all = Enum.GetValues<CloseCode>().Select(code => (int)code).Where(code => code >= 4000);
        all.ShouldBeSubsetOf(reconnecting.Concat(stopping));
    }

    [Fact]
    public async Task An_event_that_the_server_repeats_is_given_once()
    {
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, _) =>
                {
                    await socket.SayAsync(Hello(2, 0));
                    foreach (var seq in new[] { 1, 1, 2, 1, 2, 3 })
                    {
                        await socket.SayAsync(Event(seq));
                    }
                }
            )
        );
        using var client = server.Client();

        var seen = await TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 3);

        seen.Select(e => e.ChannelSeq).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_gap_is_not_given_but_asked_for_again()
    {
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, connection) =>
                {
                    await socket.SayAsync(Hello(3, 0));
                    foreach (var seq in connection == 1 ? new[] { 1, 3 } : [2, 3])
                    {
                        await socket.SayAsync(Event(seq));
                    }
                }
            )
        );
        using var client = server.Client();

        var seen = await TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 3);

        seen.Select(e => e.ChannelSeq).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_gap_that_stays_is_told()
    {
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, _) =>
                {
                    await socket.SayAsync(Hello(3, 0));
                    await socket.SayAsync(Event(2));
                }
            )
        );
        using var client = server.Client();

        await Should.ThrowAsync<AmsProtocolException>(() => TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 1));
    }

    [Fact]
    public async Task Without_a_position_it_begins_at_the_head_and_resumes_from_there()
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, connection) =>
                {
                    asked.Enqueue(context.Request.QueryString.Value!);
                    await socket.SayAsync(Hello(41, 41));
                    if (connection == 1)
                    {
                        await socket.EndAsync(4001);
                    }
                    else
                    {
                        await socket.SayAsync(Event(42));
                    }
                }
            )
        );
        using var client = server.Client();

        var seen = await TakeAsync(client.SubscribeAsync("chn_a", options: Quick), 1);

        seen[0].ChannelSeq.ShouldBe(42);
        asked.ShouldBe(["", "?after=41&log_id=L1"]);
    }

    [Fact]
    public async Task The_states_are_told_in_order()
    {
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, connection) =>
                {
                    await socket.SayAsync(Hello(connection, connection - 1));
                    await socket.SayAsync(Event(connection));
                    await socket.SayAsync(CaughtUp(connection));
                    if (connection == 1)
                    {
                        await socket.EndAsync(4000, "7");
                    }
                    else
                    {
                        await socket.SayAsync(Event(3));
                    }
                }
            )
        );
        using var client = server.Client();
        var states = new List<SubscriptionState>();

        await TakeAsync(client.SubscribeAsync("chn_a", 0, Quick with { OnState = states.Add }), 3);

        states
            .Select(state => state.Phase)
            .ShouldBe([
                SubscriptionPhase.Connecting,
                SubscriptionPhase.CatchingUp,
                SubscriptionPhase.Live,
                SubscriptionPhase.Reconnecting,
                SubscriptionPhase.Connecting,
                SubscriptionPhase.CatchingUp,
                SubscriptionPhase.Live,
            ]);
        states[3].Delay!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(7));
    }

    [Fact]
    public async Task A_server_silent_for_two_heartbeats_is_asked_for_a_pong_and_then_left()
    {
        var pinged = new TaskCompletionSource();
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, connection) =>
                {
                    await socket.SayAsync(Hello(1, 0, heartbeatSeconds: 0.05));
                    if (connection > 1)
                    {
                        await socket.SayAsync(Event(1));
                    }
                    else if ((await socket.HearAsync())?.GetProperty("type").GetString() == "ping")
                    {
                        pinged.SetResult();
                    }
                }
            )
        );
        using var client = server.Client();
        var states = new List<SubscriptionState>();

        await TakeAsync(client.SubscribeAsync("chn_a", 0, Quick with { OnState = states.Add }), 1);

        pinged.Task.IsCompletedSuccessfully.ShouldBeTrue();
        states.ShouldContain(state => state.Phase == SubscriptionPhase.Reconnecting && state.Reason!.StartsWith("4002"));
    }

    [Fact]
    public async Task A_refused_upgrade_is_told_with_the_problem_that_HTTP_gives()
    {
        await using var server = await StartAsync(context => ProblemAsync(context, 401, "token_expired"));
        using var client = server.Client();

        var fault = await Should.ThrowAsync<AmsException>(() => TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 1));

        fault.Code.ShouldBe("token_expired");
    }

    [Fact]
    public async Task An_unknown_type_passes_through_with_its_bytes()
    {
        const string strange = """{"type":"future.thing","channel_id":"chn_a","channel_seq":1,"shape":{"round":true}}""";
        await using var server = await StartAsync(context =>
            SocketAsync(
                context,
                async (socket, _) =>
                {
                    await socket.SayAsync(Hello(1, 0));
                    await socket.SayAsync(strange);
                }
            )
        );
        using var client = server.Client();

        var seen = await TakeAsync(client.SubscribeAsync("chn_a", 0, Quick), 1);

        seen[0].Type.ShouldBe("future.thing");
        seen[0].ToString().ShouldBe(strange);
    }

    [Fact]
    public async Task It_gives_up_when_told_to()
    {
        using var client = new AmsClient("http://127.0.0.1:1", "wat_test");

        await Should.ThrowAsync<AmsUnreachableException>(() =>
            TakeAsync(client.SubscribeAsync("chn_a", 0, Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(20) }), 1)
        );
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        await using var server = await StartAsync(context => SocketAsync(context, (socket, _) => socket.SayAsync(Hello(0, 0))));
        using var client = server.Client();
        using var cancel = new CancellationTokenSource();
        var options = Quick with
        {
            OnState = state =>
            {
                if (state.Phase == SubscriptionPhase.CatchingUp)
                {
                    cancel.Cancel();
                }
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(() =>
            TakeAsync(client.SubscribeAsync("chn_a", 0, options, cancel.Token), 1)
        );
    }

    private readonly StrongBox _connections = new();

    /// <summary>Upgrades, plays a script, and then listens until the client goes.</summary>
    private async Task SocketAsync(HttpContext context, Func<WebSocket, int, Task> script)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await script(socket, Interlocked.Increment(ref _connections.Count));
        while (socket.State == WebSocketState.Open && await socket.HearAsync() is not null) { }
    }

    private static async Task<List<AmsEvent>> TakeAsync(
        IAsyncEnumerable<AmsEvent> events,
        int count,
        Action<AmsEvent>? each = null
    )
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<AmsEvent>();
        await foreach (var item in events.WithCancellation(patience.Token))
        {
            seen.Add(item);
            each?.Invoke(item);
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    private sealed class StrongBox
    {
        public int Count;
    }
}
