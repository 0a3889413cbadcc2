using Ams.Actors.Query;
using Ams.Actors.Sharding;
using Ams.Api.Auth;
using Ams.Api.Feeds.Sockets;
using Ams.Api.RateLimits;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;

namespace Ams.Api.Feeds;

/// <summary>What every socket of this node shares.</summary>
internal sealed record FeedHost(
    IChannelFeeds Feeds,
    IShardRegion Region,
    IChannels Channels,
    IPrincipals Principals,
    IAuthenticator Authenticator,
    AccessWatch Access,
    RateLimiter Rates,
    FrameRates FrameRates,
    Presence.ChannelHubs Hubs,
    SocketRegistry Sockets,
    SocketSettings Settings,
    TimeProvider Time,
    ILogger<FeedHost> Log
)
{
    /// <summary>How this node calls itself in <c>hello</c>.</summary>
    public string Node { get; } = Environment.MachineName;
}
