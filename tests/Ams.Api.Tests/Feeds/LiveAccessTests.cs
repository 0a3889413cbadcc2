using Ams.Api.Feeds.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Ams.Api.Tests.Feeds;

public sealed class LiveAccessTests
{
    [Fact]
    public async Task A_revoked_token_closes_its_sockets_and_nobody_elses()
    {
        await using var server = await SocketServer.StartAsync();
        var channel = server.Directory.AddChannel("builds");
        var lost = server.Directory.AddToken("lost");
        await using var closed = await (await server.RoomAsync(channel, lost)).LiveAsync();
        await using var feed = await server.FeedAsync(lost);
        await feed.NextAsync("hello");
        await using var open = await (await server.RoomAsync(channel, server.Directory.AddToken("kept"))).LiveAsync();

        server.Directory.Revoke(lost);
        server.Log.Append(channel, "after the revocation");

        (await closed.ClosedSeeingNothingAsync("message.created")).ShouldBe(4501);
        (await feed.ClosedAsync()).Code.ShouldBe(4501);
        await open.NextAsync("message.created");
    }

    [Fact]
    public async Task Losing_a_membership_closes_the_room_and_on_a_feed_ends_only_that_channel()
    {
        await using var server = await SocketServer.StartAsync();
        var token = server.Directory.AddToken("guest");
        var secret = server.Directory.AddChannel("secret", "guest", "other");
        var common = server.Directory.AddChannel("common");
        await using var room = await (await server.RoomAsync(secret, token)).LiveAsync();
        await using var feed = await server.FeedAsync(token);
        await feed.NextAsync("hello");
        foreach (var channel in new[] { secret, common })
        {
            await feed.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}"}""");
            await feed.NextAsync("caught_up");
        }

        server.Directory.Remove(secret, "guest");
        server.Log.Append(secret, "not for the guest");

        (await room.ClosedSeeingNothingAsync("message.created")).ShouldBe(4503);
        var error = await feed.NextAsync("error");
        error.GetProperty("code").GetString().ShouldBe("not_found");
        error.GetProperty("channel_id").GetString().ShouldBe(secret);
        server.Log.Append(common, "for everybody");
        (await feed.NextAsync("message.created")).GetProperty("channel_id").GetString().ShouldBe(common);
    }

    [Fact]
    public async Task Deleting_the_workspace_closes_all_its_sockets()
    {
        await using var server = await SocketServer.StartAsync();
        var channel = server.Directory.AddChannel("builds");
        await using var one = await (await server.RoomAsync(channel, server.Directory.AddToken("one"))).LiveAsync();
        await using var two = await (await server.RoomAsync(channel, server.Directory.AddToken("two"))).LiveAsync();
        server.Directory.DeleteWorkspace();
        (await one.ClosedAsync()).Code.ShouldBe(4501);
        (await two.ClosedAsync()).Code.ShouldBe(4501);
    }

    [Fact]
    public async Task A_token_that_ends_closes_its_socket_although_nothing_happens()
    {
        var time = new FakeTimeProvider();
        await using var server = await SocketServer.StartAsync(time: time);
        var channel = server.Directory.AddChannel("builds");
        var token = server.Directory.AddToken("brief", expiresAt: time.GetUtcNow() + TimeSpan.FromSeconds(3));
        await using var client = await (await server.RoomAsync(channel, token)).LiveAsync();
        time.Advance(TimeSpan.FromSeconds(4));
        (await client.ClosedAsync()).Code.ShouldBe(4501);
    }

    [Fact]
    public async Task When_access_cant_be_read_nothing_is_delivered_and_after_ten_seconds_the_socket_closes()
    {
        var time = new FakeTimeProvider();
        await using var server = await SocketServer.StartAsync(time: time);
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        server.Directory.IsUnreadable = true;
        server.Directory.SetTopic(channel, "new");
        server.Log.Append(channel, "held back");
        var closed = client.ClosedSeeingNothingAsync("message.created");
        await PassAsync(time, TimeSpan.FromMilliseconds(50), () => server.Sockets.Snapshot().Any(socket => socket.IsClosing));
        (await closed).ShouldBe(4003);
    }

    [Fact]
    public async Task A_log_that_cant_be_read_for_a_moment_goes_on_and_for_ten_seconds_closes_with_4003()
    {
        var time = new FakeTimeProvider();
        await using var server = await SocketServer.StartAsync(time: time);
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        server.Log.IsUnreadable = true;
        server.Log.Append(channel, "one");
        server.Log.IsUnreadable = false;
        var next = client.NextAsync("message.created");
        await PassAsync(time, TimeSpan.FromMilliseconds(20), () => next.IsCompleted);
        (await next).GetProperty("channel_seq").GetInt64().ShouldBe(1);

        server.Log.IsUnreadable = true;
        server.Log.Append(channel, "two");
        var closed = client.ClosedSeeingNothingAsync("message.created");
        await PassAsync(time, TimeSpan.FromMilliseconds(50), () => server.Sockets.Snapshot().Any(socket => socket.IsClosing));
        (await closed).ShouldBe(4003);
    }

    [Fact]
    public async Task A_changed_channel_is_told()
    {
        await using var server = await SocketServer.StartAsync();
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        server.Directory.SetTopic(channel, "green");
        var frame = await client.NextAsync("channel");
        frame.GetProperty("channel_id").GetString().ShouldBe(channel);
        frame.GetProperty("topic").GetString().ShouldBe("green");
    }

    [Fact]
    public async Task A_silent_peer_is_pinged_and_closed_after_two_heartbeats()
    {
        var time = new FakeTimeProvider();
        var heartbeat = TimeSpan.FromSeconds(15);
        await using var server = await SocketServer.StartAsync(new SocketSettings { Heartbeat = heartbeat }, time: time);
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        for (var second = 0; second < 30; second++)
            time.Advance(TimeSpan.FromSeconds(1));
        await client.PingAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        (await client.ClosedAsync()).Code.ShouldBe(4002);
    }

    [Fact]
    public async Task Too_many_frames_of_any_kind_close_with_4029_and_too_many_sends_are_errors()
    {
        await using var server = await SocketServer.StartAsync(rate: "1/s:3", time: new FakeTimeProvider());
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        // The connection took one of three.
        for (var i = 0; i < 3; i++)
            await client.SendAsync($$"""{"type":"send","ref":"{{i}}","idempotency_key":"k{{i}}","text":"x"}""");
        var error = await client.UntilAsync("error");
        error.GetProperty("ref").GetString().ShouldBe("2");
        error.GetProperty("code").GetString().ShouldBe("rate_limited");
        error.GetProperty("retryable").GetBoolean().ShouldBeTrue();
        for (var i = 0; i < 27; i++)
            await client.RawAsync(ClientFrames.Pong());
        await client.SendAsync("x");
        (await client.ClosedAsync()).Code.ShouldBe(4029);
    }

    [Fact]
    public async Task A_stopping_server_answers_what_it_took_and_closes_with_4000_and_a_delay()
    {
        await using var server = await SocketServer.StartAsync();
        var channel = server.Directory.AddChannel("builds");
        await using var client = await (await server.RoomAsync(channel, server.Directory.AddToken("bot"))).LiveAsync();
        await using var idle = await server.FeedAsync(server.Directory.AddToken("idle"));
        await idle.NextAsync("hello");
        var held = new TaskCompletionSource();
        server.Log.Held = held.Task;
        await client.SendAsync("""{"type":"send","ref":"last","idempotency_key":"k","text":"x"}""");
        await Wait.UntilAsync(() => !server.Log.Asked.IsEmpty);

        var stopping = server.StopAsync();
        await Wait.UntilAsync(() => server.Sockets.IsDraining);
        held.SetResult();

        (await client.UntilAsync("ack")).GetProperty("ref").GetString().ShouldBe("last");
        var (code, delay) = await client.ClosedAsync();
        code.ShouldBe(4000);
        int.Parse(delay).ShouldBeInRange(0, 5000);
        (await idle.ClosedAsync()).Code.ShouldBe(4000);
        await stopping;
    }

    // Small steps with real time between them: what the server does on a step takes real time, and a clock that ran ahead of it would reach other limits first.
    private static Task PassAsync(FakeTimeProvider time, TimeSpan step, Func<bool> until) =>
        Wait.UntilAsync(() =>
        {
            if (until())
                return true;
            time.Advance(step);
            return false;
        });
}
