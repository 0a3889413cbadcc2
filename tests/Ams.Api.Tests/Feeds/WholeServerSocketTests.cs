using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Ams.Api.Tests.Feeds;

/// <summary>The sockets on the whole server: its engine, its store, its control plane, and the framework's own client.</summary>
public sealed class WholeServerSocketTests(AmsServer server) : IClassFixture<AmsServer>
{
    [Fact]
    public async Task What_is_sent_is_acknowledged_delivered_and_there_for_who_resumes()
    {
        var workspace = await server.CreateWorkspaceAsync();
        var member = await workspace.AddAsync();
        var channel = await workspace.CreateChannelAsync();
        await using var client = await RoomAsync(channel, member.Token, "?after=0");
        await client.LiveAsync();
        await client.SendAsync("""{"type":"send","ref":"1","idempotency_key":"k","text":"hello"}""");
        await client.SendAsync("""{"type":"send","ref":"2","idempotency_key":"k","text":"hello"}""");
        var acks = new List<string>();
        var texts = new List<string>();
        while (acks.Count < 2 || texts.Count < 1)
        {
            var frame = await client.NextAsync();
            if (frame.GetProperty("type").GetString() == "ack")
                acks.Add($"{frame.GetProperty("ref")} {frame.GetProperty("channel_seq")} {frame.GetProperty("replayed")}");
            else
                texts.Add(frame.GetProperty("text").GetString()!);
        }
        acks.ShouldBe(["1 1 False", "2 1 True"]);
        texts.ShouldBe(["hello"]);

        using var standard = new ClientWebSocket();
        standard.Options.AddSubProtocol("ams.v1");
        standard.Options.AddSubProtocol("ams.bearer." + member.Token);
        var uri = new UriBuilder(server.Address)
        {
            Scheme = "ws",
            Path = $"/parties/channel-room/{channel}",
            Query = "after=0",
        };
        await standard.ConnectAsync(uri.Uri, CancellationToken.None);
        standard.SubProtocol.ShouldBe("ams.v1");
        (await ReceiveAsync(standard)).GetProperty("type").GetString().ShouldBe("hello");
        (await ReceiveAsync(standard)).GetProperty("text").GetString().ShouldBe("hello");
        await standard.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        standard.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_revocation_closes_the_socket_at_once()
    {
        var workspace = await server.CreateWorkspaceAsync();
        var member = await workspace.AddAsync();
        await using var client = await RoomAsync(await workspace.CreateChannelAsync(), member.Token);
        await client.LiveAsync();
        var (status, _) = await workspace.CallAsync(HttpMethod.Delete, $"/v1/tokens/{member.TokenId}", workspace.OwnerToken);
        status.ShouldBe(204);
        (await client.ClosedAsync()).Code.ShouldBe(4501);
    }

    [Fact]
    public async Task A_restart_closes_with_4000_and_the_reader_resumes_where_it_was()
    {
        await using var own = await AmsServer.StartAsync(environment: ("AMS_LISTEN", "http://127.0.0.1:0"));
        var workspace = await own.CreateWorkspaceAsync();
        var channel = await workspace.CreateChannelAsync();
        var path = $"/parties/channel-room/{channel}";
        var authorization = $"Authorization: Bearer {workspace.OwnerToken}\r\n";
        await using var before = await SocketClient.OpenAsync(own.Address, path, authorization);
        await before.LiveAsync();
        await before.SendAsync("""{"type":"send","ref":"1","idempotency_key":"k","text":"kept"}""");
        await before.UntilAsync("ack");
        var closed = before.ClosedAsync();
        await own.RestartAsync();
        (await closed).Code.ShouldBe(4000);

        await using var after = await SocketClient.OpenAsync(own.Address, path + "?after=0", authorization);
        await after.NextAsync("hello");
        (await after.NextAsync("message.created")).GetProperty("text").GetString().ShouldBe("kept");
    }

    private Task<SocketClient> RoomAsync(string channel, string token, string query = "") =>
        SocketClient.OpenAsync(server.Address, $"/parties/channel-room/{channel}{query}", $"Authorization: Bearer {token}\r\n");

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            length += part.Count;
            if (part.EndOfMessage)
                return JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, length)).RootElement;
        }
    }
}
