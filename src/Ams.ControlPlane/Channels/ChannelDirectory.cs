using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Members;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Channels;

/// <summary>Who can see which channel, from memory where it can: every post, read and frame asks. What can't be seen and what is not there are one
/// answer.</summary>
internal sealed class ChannelDirectory
{
    private static readonly Refusal NoChannel = Refusal.NotFound("channel");

    private readonly ControlPlaneStore _store;
    private readonly CoherentCache<string, ChannelRecord> _channels;
    private readonly CoherentCache<(string ChannelId, string PrincipalId), Membership> _memberships;

    public ChannelDirectory(ControlPlaneStore store, AccessChanges changes, ControlPlaneOptions options)
    {
        _store = store;
        _channels = new("channels", options.ChannelCacheEntries);
        _memberships = new("memberships", options.MembershipCacheEntries);
        changes.AddCache(Evict);
    }

    /// <summary>A channel that the caller can see. Completes synchronously when memory has it.</summary>
    public ValueTask<Outcome<ChannelRecord>> GetAsync(Caller caller, string channelId, CancellationToken ct)
    {
        if (!_channels.TryGet(channelId, out var channel))
            return new(LoadAsync(caller, channelId, ct));
        if (channel.WorkspaceId != caller.WorkspaceId)
            return new(NoChannel);
        if (channel.Visibility == ChannelVisibility.Workspace)
            return new(channel);
        return _memberships.TryGet((channelId, caller.PrincipalId), out var membership)
            ? new(membership.IsMember ? channel : NoChannel)
            : new(LoadAsync(caller, channelId, ct));
    }

    /// <summary>The same within a change, from the database alone.</summary>
    public static async Task<Outcome<ChannelRecord>> FindAsync(Session db, Caller caller, string channelId)
    {
        var row = await ChannelStore.FindAsync(db, channelId);
        if (row is null || row.WorkspaceId != caller.WorkspaceId)
            return NoChannel;
        return
            row.Visibility == ChannelVisibility.Workspace
            || await ChannelMemberStore.IsMemberAsync(db, channelId, caller.PrincipalId)
            ? row.ToRecord()
            : NoChannel;
    }

    private async Task<Outcome<ChannelRecord>> LoadAsync(Caller caller, string channelId, CancellationToken ct)
    {
        var key = (channelId, caller.PrincipalId);
        var channelTicket = _channels.Ticket(channelId);
        var membershipTicket = _memberships.Ticket(key);
        var (row, isMember) = await _store.ReadAsync(
            async db =>
            {
                var row = await ChannelStore.FindAsync(db, channelId);
                return (row, row is not null && await ChannelMemberStore.IsMemberAsync(db, channelId, caller.PrincipalId));
            },
            ct
        );
        // What is not there is not remembered, nor what is another workspace's: nobody fills this memory with guesses.
        if (row is null || row.WorkspaceId != caller.WorkspaceId)
            return NoChannel;
        var channel = row.ToRecord();
        _channels.Put(channelId, channel, channelTicket);
        if (channel.Visibility == ChannelVisibility.Workspace)
            return channel;
        _memberships.Put(key, Membership.Of(isMember), membershipTicket);
        return isMember ? channel : NoChannel;
    }

    private void Evict(AccessChange change)
    {
        switch (change.Kind)
        {
            case AccessChangeKind.ChannelChanged when change.ChannelId is { } channelId:
                _channels.Evict(channelId);
                break;
            case AccessChangeKind.MembershipChanged when change is { ChannelId: { } channelId, PrincipalId: { } principalId }:
                _memberships.Evict((channelId, principalId));
                break;
            case AccessChangeKind.MembershipChanged:
                _memberships.EvictWhere((key, _) => key.ChannelId == change.ChannelId);
                break;
            case AccessChangeKind.PrincipalChanged:
                _memberships.EvictWhere((key, _) => key.PrincipalId == change.PrincipalId);
                break;
            case AccessChangeKind.WorkspaceDeleted:
                _channels.EvictWhere((_, channel) => channel.WorkspaceId == change.WorkspaceId);
                break;
            default:
                break;
        }
    }

    private sealed record Membership(bool IsMember)
    {
        private static readonly Membership Yes = new(true);
        private static readonly Membership No = new(false);

        public static Membership Of(bool isMember) => isMember ? Yes : No;
    }
}
