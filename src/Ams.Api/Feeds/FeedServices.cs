using Ams.Api.Feeds.Presence;
using Ams.Api.Feeds.Sockets;

namespace Ams.Api.Feeds;

/// <summary>Registers what the sockets need.</summary>
internal static class FeedServices
{
    /// <summary>Adds the sockets; the access watch is the host's. On a graceful stop they are drained before any other service is stopped.</summary>
    public static IServiceCollection AddSockets(this IServiceCollection services, SocketSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<SocketRegistry>();
        services.AddSingleton<ChannelHubs>();
        services.AddSingleton<FrameRates>();
        services.AddSingleton<FeedHost>();
        services.AddHostedService<SocketSweep>();
        return services;
    }
}
