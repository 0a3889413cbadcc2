using System.Runtime.InteropServices;

namespace Ams.Api.Feeds.Presence;

/// <summary>The fleeting frames of this node, channel by channel: who is here, who writes. They never wait for anybody and never touch the log.
/// Presence is debounced: joins and leaves are told by the sweep, together.</summary>
internal sealed class ChannelHubs(TimeProvider time)
{
    /// <summary>A socket's <c>typing</c> is passed on at most this often; others are dropped, since one is written to everybody.</summary>
    private static readonly TimeSpan TypingEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ChannelHub> _hubs = new(StringComparer.Ordinal);
    private readonly HashSet<ChannelHub> _dirty = [];

    /// <summary>Somebody follows a channel.</summary>
    public void Join(IHubMember member)
    {
        lock (_lock)
        {
            ref var hub = ref CollectionsMarshal.GetValueRefOrAddDefault(_hubs, member.ChannelId, out _);
            hub ??= new ChannelHub(member.ChannelId);
            hub.Join(member);
            _dirty.Add(hub);
        }
    }

    /// <summary>Somebody follows a channel no longer.</summary>
    public void Leave(IHubMember member)
    {
        lock (_lock)
        {
            if (!_hubs.TryGetValue(member.ChannelId, out var hub))
                return;
            if (hub.Leave(member))
            {
                _hubs.Remove(member.ChannelId);
                _dirty.Remove(hub);
            }
            else
            {
                _dirty.Add(hub);
            }
        }
    }

    /// <summary>Passes on that somebody writes.</summary>
    public void Typing(Subscription from)
    {
        if (from.TypedAt is { } last && time.GetElapsedTime(last) < TypingEvery)
            return;
        from.TypedAt = time.GetTimestamp();
        ChannelHub? hub;
        lock (_lock)
            _hubs.TryGetValue(from.ChannelId, out hub);
        hub?.PublishTyping(from.Principal);
    }

    /// <summary>Tells who is here where that has changed, and where somebody missed it. Called by the sweep.</summary>
    public void PublishPresence()
    {
        ChannelHub[] dirty;
        lock (_lock)
        {
            if (_dirty.Count == 0)
                return;
            dirty = [.. _dirty];
            _dirty.Clear();
        }
        foreach (var hub in dirty)
        {
            if (hub.PublishPresence())
                continue;
            lock (_lock)
                _dirty.Add(hub);
        }
    }
}
