using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Api.Errors;
using Ams.Api.Feeds.Frames;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.Api.Feeds;

/// <summary>The WebSockets (protocol, section 8).</summary>
internal static class SocketRoutes
{
    /// <summary>Adds the channel room and the feed. A socket's life is no request's duration.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var host = routes.ServiceProvider.GetRequiredService<FeedHost>();
        routes
            .MapGet(
                "/parties/channel-room/{channel_id}",
                (HttpContext http, string channel_id) => RoomAsync(host, http, channel_id)
            )
            .NeedsSocketToken(Scopes.MessagesRead)
            .DisableHttpMetrics();
        routes
            .MapGet("/v1/feed", (HttpContext http) => FeedAsync(host, http))
            .NeedsSocketToken(Scopes.MessagesRead)
            .DisableHttpMetrics();
    }

    private static async Task RoomAsync(FeedHost host, HttpContext http, string channelId)
    {
        var opening = await SocketOpening.BeginAsync(host, http);
        if (opening is null)
            return;
        RoomSession? session = null;
        using var lease = opening.Open(channelId, () => session?.BeginJudging());
        IChannelFeed? feed = null;
        var refusal = await SocketOpening.TryAsync(async () =>
        {
            if (await lease.JudgeAsync(http.RequestAborted) is { } lost)
                return lost;
            if (opening.Judge() is { } invalid)
                return invalid;
            var query = new QueryReader(http);
            var after = query.Seq("after");
            var logId = query.Text("log_id");
            if (query.Refusal is { } wrong)
                return wrong;
            var opened = await host.Feeds.OpenAsync(channelId, after, logId, http.RequestAborted);
            return opened.TryGet(out feed, out var refused) ? null : refused;
        });
        if (refusal is not null || feed is null)
        {
            await opening.RefuseAsync(refusal!);
            return;
        }
        using (feed)
        {
            var socket = await opening.AcceptAsync();
            using var subscription = new Subscription(host, socket, feed, lease, onFeed: false);
            session = new RoomSession(host, socket, subscription);
            socket.OnClosing = subscription.Stop;
            Task? delivery = null;
            await opening.RunAsync(
                socket,
                session,
                async () =>
                {
                    await WriteHelloAsync(host, socket, lease.Caller, feed);
                    host.Hubs.Join(subscription);
                    delivery = session.DeliverAsync();
                }
            );
            host.Hubs.Leave(subscription);
            await (delivery ?? Task.CompletedTask);
        }
    }

    private static async Task FeedAsync(FeedHost host, HttpContext http)
    {
        var opening = await SocketOpening.BeginAsync(host, http);
        if (opening is null)
            return;
        FeedSession? session = null;
        using var lease = opening.Open(channelId: null, () => session?.BeginJudging());
        var refusal = await SocketOpening.TryAsync(async () => await lease.JudgeAsync(http.RequestAborted) ?? opening.Judge());
        if (refusal is not null)
        {
            await opening.RefuseAsync(refusal);
            return;
        }
        var socket = await opening.AcceptAsync();
        using var begun = session = new FeedSession(host, socket, lease);
        socket.OnClosing = begun.Stop;
        await opening.RunAsync(socket, begun, async () => await WriteHelloAsync(host, socket, lease.Caller, feed: null));
        await begun.WhenStoppedAsync();
    }

    private static ValueTask<bool> WriteHelloAsync(FeedHost host, SocketConnection socket, Caller caller, IChannelFeed? feed) =>
        socket.WriteAsync(
            FrameBatch.Single(
                FrameTypes.Hello,
                (host, caller, feed),
                static (json, hello) =>
                {
                    if (hello.feed is { } feed)
                    {
                        json.WriteString("channel_id"u8, feed.ChannelId);
                        json.WriteNumber("head_seq"u8, feed.HeadAtOpen);
                        json.WriteNumber("after"u8, feed.Cursor);
                        json.WriteString("log_id"u8, feed.LogId);
                    }
                    json.WriteString("principal_id"u8, hello.caller.PrincipalId);
                    json.WriteNumber("heartbeat_seconds"u8, (decimal)hello.host.Settings.Heartbeat.TotalSeconds);
                    json.WriteString("node"u8, hello.host.Node);
                }
            )
        );
}
