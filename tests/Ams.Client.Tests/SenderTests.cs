using System.Collections.Concurrent;
using System.Text.Json;
using static Ams.Client.Tests.FakeServer;

namespace Ams.Client.Tests;

public sealed class SenderTests
{
    [Fact]
    public async Task Pipelined_posts_survive_a_broken_socket_with_their_keys_and_their_order()
    {
        var committed = new ConcurrentDictionary<string, long>();
        var order = new ConcurrentQueue<string>();
        var connections = 0;
        await using var server = await StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var first = Interlocked.Increment(ref connections) == 1;
            await socket.SayAsync(Hello(0, 0));
            while (await socket.HearAsync() is { } frame)
            {
                var key = frame.GetProperty("idempotency_key").GetString()!;
                var replayed = committed.TryGetValue(key, out var seq);
                if (!replayed)
                {
                    committed[key] = seq = committed.Count + 1;
                    order.Enqueue(frame.GetProperty("text").GetString()!);
                }

                if (first && seq == 10)
                {
                    // Committed, but the acknowledgement is lost.
                    await socket.EndAsync(1012);
                    return;
                }

                await socket.SayAsync(
                    $$"""{"type":"ack","ref":{{JsonSerializer.Serialize(frame.GetProperty("ref").GetString())}},"channel_seq":{{seq}},"id":"msg_{{seq}}","replayed":{{(
                        replayed ? "true" : "false"
                    )}}}"""
                );
            }
        });
        using var client = server.Client();
        await using var sender = client.OpenSender("chn_a");

        var sends = Enumerable.Range(0, 50).Select(n => sender.SendAsync(new NewMessage { Text = $"m{n}" })).ToArray();
        var acks = await Task.WhenAll(sends).WaitAsync(TimeSpan.FromSeconds(30));

        acks.Select(ack => ack.ChannelSeq).ShouldBe(Enumerable.Range(1, 50).Select(n => (long)n));
        order.ShouldBe(Enumerable.Range(0, 50).Select(n => $"m{n}"));
        acks[9].Replayed.ShouldBeTrue();
        connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_post_fails_alone()
    {
        await using var server = await StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SayAsync(Hello(0, 0));
            while (await socket.HearAsync() is { } frame)
            {
                var reference = frame.GetProperty("ref").GetString();
                await socket.SayAsync(
                    frame.GetProperty("text").GetString() == "bad"
                        ? $$"""{"type":"error","ref":"{{reference}}","code":"channel_archived","detail":"Unarchive it.","retryable":false}"""
                        : $$"""{"type":"ack","ref":"{{reference}}","channel_seq":1,"id":"msg_1","replayed":false}"""
                );
            }
        });
        using var client = server.Client();
        await using var sender = client.OpenSender("chn_a");

        var bad = sender.SendAsync(new NewMessage { Text = "bad" });
        var good = sender.SendAsync(new NewMessage { Text = "good" });

        (await good).ChannelSeq.ShouldBe(1);
        (await Should.ThrowAsync<AmsException>(() => bad)).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_socket_closed_for_good_fails_what_is_in_flight_and_what_comes_after()
    {
        await using var server = await StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SayAsync(Hello(0, 0));
            await socket.HearAsync();
            await socket.EndAsync(4501);
        });
        using var client = server.Client();
        await using var sender = client.OpenSender("chn_a");

        (await Should.ThrowAsync<AmsException>(() => sender.SendAsync(new NewMessage { Text = "a" }))).Status.ShouldBe(401);
        (await Should.ThrowAsync<AmsException>(() => sender.SendAsync(new NewMessage { Text = "b" }))).Status.ShouldBe(401);
    }
}
