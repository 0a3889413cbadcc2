using Ams.ControlPlane.Access;

namespace Ams.Api.Feeds.Presence;

/// <summary>One socket's part in one channel, as far as the fleeting frames go.</summary>
internal interface IHubMember
{
    /// <summary>The channel.</summary>
    string ChannelId { get; }

    /// <summary>Who it is.</summary>
    Caller Principal { get; }

    /// <summary>The version of the presence that was last written to it. Touched by the hub alone.</summary>
    long PresenceSeen { get; set; }

    /// <summary>Writes a frame if the peer keeps up, else drops it.</summary>
    bool TryWrite(ReadOnlyMemory<byte> frame);
}
