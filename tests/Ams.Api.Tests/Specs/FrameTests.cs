using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ams.Contracts;

namespace Ams.Api.Tests.Specs;

/// <summary>Real frames of both sockets against the schemas that the AsyncAPI document gives for them.</summary>
public sealed class FrameTests(AmsServer server) : IClassFixture<AmsServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("channelRoom")]
    [InlineData("feed")]
    public async Task Every_frame_of_a_socket_fits_the_schema_that_the_document_gives_for_it(string kind)
    {
        var workspace = await server.CreateWorkspaceAsync();
        var bot = await workspace.AddAsync();
        var channel = await workspace.CreateChannelAsync(bot.Token);
        var document = JsonNode.Parse(await server.Http.GetStringAsync("/asyncapi/v1.json"))!.AsObject();
        var path = document["channels"]![kind]!["address"]!
            .GetValue<string>()
            .Replace("{channel_id}", channel, StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + bot.Token);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = path }.Uri, patience.Token);
        var which = kind == "feed" ? $"\"channel_id\": \"{channel}\", " : "";
        if (kind == "feed")
            await SendAsync(socket, $$"""{"type": "subscribe", "channel_id": "{{channel}}"}""", patience.Token);
        await SendAsync(
            socket,
            $$"""{"type": "send", {{which}}"ref": "1", "idempotency_key": "k", "text": "hi"}""",
            patience.Token
        );
        await SendAsync(socket, """{"type": "ping", "ref": "2"}""", patience.Token);
        await SendAsync(socket, """{"type": "none"}""", patience.Token);
        var awaited = new HashSet<string>(StringComparer.Ordinal)
        {
            FrameTypes.Hello,
            FrameTypes.CaughtUp,
            FrameTypes.Ack,
            FrameTypes.Pong,
            FrameTypes.Error,
            FrameTypes.Presence,
            EventTypes.MessageCreated,
        };

        while (awaited.Count > 0)
            awaited.Remove(await JudgeAsync(document, kind, await ReceiveAsync(socket, patience.Token)));
    }

    private static async Task<string> JudgeAsync(JsonObject document, string kind, string frame)
    {
        var type = JsonDocument.Parse(frame).RootElement.GetProperty("type").GetString()!;
        var operation = kind == "feed" ? "sendToFeed" : "sendToRoom";
        var names = document["operations"]![operation]!["messages"]!
            .AsArray()
            .Select(message => message!["$ref"]!.GetValue<string>().Split('/')[^1]);
        var message = names
            .Select(name => document["components"]!["messages"]![name]!)
            .Single(message => message["name"]!.GetValue<string>() == type);

        (await new SpecSchemas(document).JudgeAsync(message["payload"]!, frame)).ShouldBeEmpty(frame);

        return type;
    }

    private static Task SendAsync(ClientWebSocket socket, string frame, CancellationToken ct) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, ct);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), ct);
        received.EndOfMessage.ShouldBeTrue();
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
