using Ams.Contracts;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Feeds.Frames;

/// <summary>The <c>channel</c> frame: a channel's settings, when they change.</summary>
internal static class ChannelFrame
{
    /// <summary>The frame for a channel as it is now.</summary>
    public static byte[] Of(ChannelRecord channel) =>
        FrameBatch.Single(
            FrameTypes.Channel,
            channel,
            static (json, channel) =>
            {
                json.WriteString("channel_id"u8, channel.Id);
                if (channel.Name is not null)
                    json.WriteString("name"u8, channel.Name);
                if (channel.Topic is not null)
                    json.WriteString("topic"u8, channel.Topic);
                json.WriteString("visibility"u8, NameOf(channel.Visibility));
                json.WriteNumber("max_hops"u8, channel.MaxHops);
                if (channel.ArchivedAt is { } archivedAt)
                    json.WriteString("archived_at"u8, Rfc3339.Format(archivedAt));
            }
        );

    private static ReadOnlySpan<byte> NameOf(ChannelVisibility visibility) =>
        visibility switch
        {
            ChannelVisibility.Private => "private"u8,
            ChannelVisibility.Direct => "direct"u8,
            _ => "workspace"u8,
        };
}
