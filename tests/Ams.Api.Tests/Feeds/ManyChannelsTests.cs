using Ams.Api.Feeds.Sockets;

namespace Ams.Api.Tests.Feeds;

public sealed class ManyChannelsTests : IAsyncLifetime
{
    private SocketServer _server = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _server = await SocketServer.StartAsync(new SocketSettings { SubscriptionsMax = 3 });
        _token = _server.Directory.AddToken("bot");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Each_channel_has_its_own_cursor()
    {
        var (a, b) = (_server.Directory.AddChannel("a"), _server.Directory.AddChannel("b"));
        for (var i = 0; i < 3; i++)
        {
            _server.Log.Append(a, "a");
            _server.Log.Append(b, "b");
        }
        await using var client = await OpenAsync();
        await SubscribeAsync(client, a, "\"after\":1");
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(2);
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(3);
        var caughtUp = await client.NextAsync("caught_up");
        caughtUp.GetProperty("channel_id").GetString().ShouldBe(a);
        caughtUp.GetProperty("channel_seq").GetInt64().ShouldBe(3);

        await SubscribeAsync(client, b, $"\"after\":3,\"log_id\":\"{MemoryLog.LogId}\"");
        (await client.NextAsync("caught_up")).GetProperty("channel_id").GetString().ShouldBe(b);
        _server.Log.Append(b, "live");
        (await client.NextAsync("message.created")).GetProperty("channel_id").GetString().ShouldBe(b);
    }

    [Fact]
    public async Task Hello_is_without_the_channels_members()
    {
        await using var client = await _server.FeedAsync(_token);
        var hello = await client.NextAsync("hello");
        hello.GetProperty("principal_id").GetString().ShouldBe("prn_bot");
        hello.TryGetProperty("channel_id", out _).ShouldBeFalse();
        hello.TryGetProperty("head_seq", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("chn_a", "\"after\":5", "invalid_cursor")]
    [InlineData("chn_a", "\"after\":-1", "invalid_cursor")]
    [InlineData("chn_a", "\"after\":\"x\"", "invalid_cursor")]
    [InlineData("chn_a", "\"after\":1.5", "invalid_cursor")]
    [InlineData("chn_a", "\"log_id\":\"other\"", "invalid_cursor")]
    [InlineData("chn_none", "\"after\":0", "not_found")]
    [InlineData("chn_a", "\"more\":0", "invalid_request")]
    public async Task A_bad_subscription_is_an_error_frame_and_none(string channel, string members, string code)
    {
        var a = _server.Directory.AddChannel("a");
        await using var client = await OpenAsync();
        await SubscribeAsync(client, channel, members);
        var error = await client.NextAsync("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("channel_id").GetString().ShouldBe(channel);
        _server.Log.Append(a, "not followed");
        await SubscribeAsync(client, a, "\"after\":1");
        await client.NextAsync("caught_up");
    }

    [Fact]
    public async Task After_unsubscribe_nothing_of_the_channel_comes_and_it_may_be_followed_again()
    {
        var a = _server.Directory.AddChannel("a");
        await using var client = await OpenAsync();
        await SubscribeAsync(client, a, "\"after\":0");
        await client.NextAsync("caught_up");
        await client.SendAsync($$"""{"type":"unsubscribe","channel_id":"{{a}}"}""");
        await client.SendAsync("""{"type":"ping"}""");
        await client.NextAsync("pong");
        _server.Log.Append(a, "unseen");
        await client.SendAsync($$"""{"type":"unsubscribe","channel_id":"{{a}}"}""");
        await client.SendAsync("""{"type":"ping"}""");
        await client.NextAsync("pong");
        await SubscribeAsync(client, a, "\"after\":0");
        (await client.NextAsync("message.created")).GetProperty("channel_seq").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_channel_is_followed_once_and_at_most_so_many_are()
    {
        var channels = Enumerable.Range(0, 4).Select(i => _server.Directory.AddChannel($"c{i}")).ToArray();
        await using var client = await OpenAsync();
        foreach (var channel in channels.Take(3))
        {
            await SubscribeAsync(client, channel, "\"after\":0");
            await client.NextAsync("caught_up");
        }
        await SubscribeAsync(client, channels[3], "\"after\":0");
        (await client.NextAsync("error")).GetProperty("channel_id").GetString().ShouldBe(channels[3]);
        await client.SendAsync($$"""{"type":"unsubscribe","channel_id":"{{channels[0]}}"}""");
        await SubscribeAsync(client, channels[1], "\"after\":0");
        (await client.NextAsync("error")).GetProperty("code").GetString().ShouldBe("invalid_request");
        await SubscribeAsync(client, channels[3], "\"after\":0");
        await client.NextAsync("caught_up");
    }

    [Fact]
    public async Task A_send_says_to_which_channel()
    {
        var a = _server.Directory.AddChannel("a");
        await using var client = await OpenAsync();
        await client.SendAsync("""{"type":"send","ref":"1","idempotency_key":"k","text":"x"}""");
        (await client.NextAsync("error")).GetProperty("ref").GetString().ShouldBe("1");
        await client.SendAsync("""{"type":"send","ref":"2","channel_id":"chn_none","idempotency_key":"k","text":"x"}""");
        var error = await client.NextAsync("error");
        error.GetProperty("code").GetString().ShouldBe("not_found");
        error.GetProperty("channel_id").GetString().ShouldBe("chn_none");
        await client.SendAsync($$"""{"type":"send","ref":"3","channel_id":"{{a}}","idempotency_key":"k","text":"x"}""");
        (await client.NextAsync("ack")).GetProperty("channel_seq").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_long_replay_does_not_hold_up_another_channel()
    {
        var (busy, quiet) = (_server.Directory.AddChannel("busy"), _server.Directory.AddChannel("quiet"));
        const int Events = 2_000;
        var text = new string('x', 20_000); // 40 MB
        for (var i = 0; i < Events; i++)
            _server.Log.Append(busy, text);
        _server.Log.Append(quiet, "short");
        await using var client = await OpenAsync();
        await SubscribeAsync(client, busy, "\"after\":0");
        await SubscribeAsync(client, quiet, "\"after\":0");
        var busySeen = 0;
        while (true)
        {
            var frame = await client.NextAsync("message.created");
            if (frame.GetProperty("channel_id").GetString() == quiet)
                break;
            busySeen++;
        }
        busySeen.ShouldBeLessThan(Events);
    }

    [Fact]
    public async Task Presence_tells_who_is_here_and_typing_who_writes()
    {
        var a = _server.Directory.AddChannel("a");
        await using var client = await (await _server.RoomAsync(a, _token)).LiveAsync();
        await using var other = await _server.RoomAsync(a, _server.Directory.AddToken("other"));
        var presence = await client.UntilAsync("presence");
        while (presence.GetProperty("count").GetInt32() < 2)
            presence = await client.UntilAsync("presence");
        presence.GetProperty("channel_id").GetString().ShouldBe(a);
        presence
            .GetProperty("principals")
            .EnumerateArray()
            .Select(principal => principal.GetProperty("name").GetString())
            .ShouldBe(["bot", "other"], ignoreOrder: true);

        await other.SendAsync("""{"type":"typing"}""");
        (await client.UntilAsync("typing")).GetProperty("principal").GetProperty("id").GetString().ShouldBe("prn_other");

        await other.DisposeAsync();
        while (presence.GetProperty("count").GetInt32() > 1)
            presence = await client.UntilAsync("presence");
        presence.GetProperty("principals").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe("prn_bot");
    }

    private async Task<SocketClient> OpenAsync()
    {
        var client = await _server.FeedAsync(_token);
        await client.NextAsync("hello");
        return client;
    }

    private static Task SubscribeAsync(SocketClient client, string channel, string members) =>
        client.SendAsync($$"""{"type":"subscribe","channel_id":"{{channel}}",{{members}}}""");
}
