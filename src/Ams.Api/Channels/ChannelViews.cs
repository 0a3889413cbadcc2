using Ams.Actors.Query;
using Ams.Contracts;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Channels;

/// <summary>Puts together what the control plane and the log know of a channel. The one place that says what is unread.</summary>
internal sealed class ChannelViews(IReadJournal journal)
{
    /// <summary>One channel.</summary>
    public async ValueTask<ChannelView> ComposeAsync(ChannelRecord channel, CancellationToken ct) =>
        Compose(channel, await journal.HeadAsync(channel.Id, ct));

    /// <summary>Several, with one look at the logs.</summary>
    public async ValueTask<IReadOnlyList<ChannelView>> ComposeAsync(IReadOnlyList<ChannelRecord> channels, CancellationToken ct)
    {
        if (channels.Count == 0)
            return [];
        var heads = await journal.HeadsAsync([.. channels.Select(channel => channel.Id)], ct);
        return [.. channels.Zip(heads, Compose)];
    }

    /// <summary>Nobody has set a cursor: it is 0, and every message is unread.</summary>
    private static ChannelView Compose(ChannelRecord channel, LogHead head) =>
        new(
            channel.Id,
            channel.Visibility,
            channel.CreatedBy,
            channel.CreatedAt,
            channel.MaxHops,
            head.Head,
            head.LogId,
            Cursor: 0,
            Unread: head.MessageCount,
            channel.Name,
            channel.Topic,
            channel.DirectMembers,
            channel.ArchivedAt
        );
}
