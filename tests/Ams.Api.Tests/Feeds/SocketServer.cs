using Ams.Actors.Query;
using Ams.Actors.Sharding;
using Ams.Api.Auth;
using Ams.Api.Feeds;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Api.RateLimits;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ams.Api.Tests.Feeds;

/// <summary>The sockets alone, over a real listener on a free port, with logs and a directory in memory.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SocketServer(WebApplication app, MemoryLog log, MemoryDirectory directory)
    {
        _app = app;
        Log = log;
        Directory = directory;
    }

    public MemoryLog Log { get; }

    public MemoryDirectory Directory { get; }

    public Uri Address { get; private set; } = null!;

    public SocketRegistry Sockets => _app.Services.GetRequiredService<SocketRegistry>();

    public static async Task<SocketServer> StartAsync(
        SocketSettings? settings = null,
        string rate = "off",
        TimeProvider? time = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var log = new MemoryLog();
        var directory = new MemoryDirectory { Time = time ?? TimeProvider.System };
        RatePolicy.TryParse(rate, out var policy).ShouldBeTrue();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IChannelFeeds>(log);
        builder.Services.AddSingleton<IShardRegion>(log);
        builder.Services.AddSingleton<IAuthenticator>(directory);
        builder.Services.AddSingleton<IChannels>(directory);
        builder.Services.AddSingleton<IPrincipals>(directory);
        builder.Services.AddSingleton<IAccessChanges>(directory);
        builder.Services.AddSingleton(services => new RateLimiter(policy, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<AccessWatch>();
        builder.Services.AddSockets(settings ?? new SocketSettings { DrainPeriod = TimeSpan.Zero });
        var app = builder.Build();
        app.UseMiddleware<RequestIdMiddleware>();
        SocketRoutes.Map(app);
        await app.StartAsync();
        return new SocketServer(app, log, directory) { Address = new Uri(app.Urls.Single()) };
    }

    public Task<SocketClient> RoomAsync(string channelId, string token, string query = "") =>
        SocketClient.OpenAsync(Address, $"/parties/channel-room/{channelId}{query}", $"Authorization: Bearer {token}\r\n");

    public Task<SocketClient> FeedAsync(string token) =>
        SocketClient.OpenAsync(Address, "/v1/feed", $"Authorization: Bearer {token}\r\n");

    public Task<SocketClient> BrowserAsync(string path, string? token, string more = "") =>
        SocketClient.OpenAsync(
            Address,
            path,
            $"Sec-WebSocket-Protocol: ams.v1{(token is null ? "" : ", ams.bearer." + token)}\r\n{more}"
        );

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
