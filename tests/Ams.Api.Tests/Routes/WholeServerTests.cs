using System.Net.WebSockets;
using System.Text;
using Ams.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ams.Api.Tests.Routes;

/// <summary>The rooms together: what one test alone can't see.</summary>
public sealed class WholeServerTests(AmsServer server) : IClassFixture<AmsServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_posted_over_HTTP_reaches_a_channel_room_byte_for_byte_and_stays_after_a_restart()
    {
        await using var own = await AmsServer.StartAsync();
        var workspace = await own.CreateWorkspaceAsync();
        var bot = await workspace.AddAsync();
        var channel = await workspace.CreateChannelAsync(bot.Token);
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + bot.Token);
        var room = new UriBuilder(own.Address) { Scheme = "ws", Path = "/parties/channel-room/" + channel };
        await socket.ConnectAsync(room.Uri, patience.Token);
        (await ReceiveAsync(socket, patience.Token)).ShouldContain("\"hello\"");
        (await ReceiveAsync(socket, patience.Token)).ShouldContain("\"caught_up\"");

        using var posted = await workspace.SendAsync(
            HttpMethod.Post,
            $"/v1/channels/{channel}/messages",
            bot.Token,
            new { text = "deploy started", idempotency_key = "msg-1" }
        );
        var answer = await posted.Content.ReadAsStringAsync(patience.Token);
        var live = await ReceiveAsync(socket, patience.Token);

        ((int)posted.StatusCode).ShouldBe(201, answer);
        live.ShouldBe(answer);
        await own.RestartAsync();
        var (_, page) = await workspace.CallAsync(HttpMethod.Get, $"/v1/channels/{channel}/events", bot.Token);
        page.GetProperty("items")[0].GetRawText().ShouldBe(answer);
    }

    [Theory]
    [InlineData("/v1/feed")]
    [InlineData("/parties/channel-room/chn_none")]
    public async Task A_socket_without_a_token_is_a_401(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Should.ThrowAsync<WebSocketException>(() =>
            socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = path }.Uri, patience.Token)
        );

        ((int)socket.HttpStatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_token_over_its_rate_is_429_and_told_when_to_come_back_and_others_are_not()
    {
        await using var own = await AmsServer.StartAsync(adjust: null, ("AMS_RATE_LIMIT", "1/s:3"));
        var workspace = await own.CreateWorkspaceAsync();
        var bot = await workspace.AddAsync();
        for (var i = 0; i < 3; i++)
            (await workspace.CallAsync(HttpMethod.Get, "/v1/me", bot.Token)).Status.ShouldBe(200);

        using var refused = await workspace.SendAsync(HttpMethod.Get, "/v1/me", bot.Token);

        ((int)refused.StatusCode).ShouldBe(429);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        refused.Headers.GetValues("RateLimit").Single().ShouldBe("\"default\";r=0;t=1");
        refused.Headers.GetValues("RateLimit-Policy").Single().ShouldBe("\"default\";q=3;w=3");
        (await workspace.CallAsync(HttpMethod.Get, "/v1/me", workspace.OwnerToken)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_node_that_leaves_is_not_ready_but_lives_and_serves()
    {
        await using var own = await AmsServer.StartAsync();
        var workspace = await own.CreateWorkspaceAsync();
        (await workspace.CallAsync(HttpMethod.Get, "/readyz", token: null)).Status.ShouldBe(200);

        own.Services.GetRequiredService<NodeState>().Leave();

        var (status, problem) = await workspace.CallAsync(HttpMethod.Get, "/readyz", token: null);
        status.ShouldBe(503);
        problem.GetProperty("code").GetString().ShouldBe("draining");
        (await workspace.CallAsync(HttpMethod.Get, "/livez", token: null)).Status.ShouldBe(200);
        (await workspace.CallAsync(HttpMethod.Get, "/v1/me", workspace.OwnerToken)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"name": "a", "name": "b"}""", "invalid_request", "name")]
    [InlineData("""{"name": "a", "colour": "red"}""", "invalid_request", "colour")]
    [InlineData("""{"name": 7}""", "invalid_request", "name")]
    [InlineData("""{"name": null}""", "invalid_request", "name")]
    [InlineData("""{"name": "\ud800"}""", "invalid_request", "surrogate")]
    [InlineData("""{"name": "a", "max_hops": 1001}""", "invalid_request", "max_hops")]
    [InlineData("[]", "invalid_request", "object")]
    [InlineData("{", "invalid_json", "line 1")]
    [InlineData("", "invalid_json", "line 1")]
    public async Task A_flawed_request_is_400_that_names_the_flaw(string body, string code, string named)
    {
        var workspace = await server.CreateWorkspaceAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var (status, problem) = await workspace.CallAsync(HttpMethod.Post, "/v1/channels", workspace.OwnerToken, content);

        status.ShouldBe(400);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetRawText().ShouldContain(named);
    }

    [Fact]
    public async Task An_unknown_path_is_404_and_another_method_405_with_Allow()
    {
        using var unknown = await server.Http.GetAsync("/v1/nothing/here");
        using var method = await server.Http.DeleteAsync("/v1/me");

        ((int)unknown.StatusCode).ShouldBe(404);
        unknown.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        ((int)method.StatusCode).ShouldBe(405);
        method.Content.Headers.Allow.ShouldBe(["GET"]);
        (await method.Content.ReadAsStringAsync()).ShouldContain("method_not_allowed");
    }

    // Presence comes when the node's sweep does, anywhere between the others.
    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            var frame = Encoding.UTF8.GetString(buffer, 0, received.Count);
            if (!frame.StartsWith("""{"type":"presence",""", StringComparison.Ordinal))
                return frame;
        }
    }
}
