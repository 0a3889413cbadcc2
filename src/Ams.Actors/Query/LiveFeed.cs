using System.Collections.Concurrent;
using Ams.Actors.Persistence;
using Ams.Actors.Runtime;

namespace Ams.Actors.Query;

/// <summary>The live ends of the channels that somebody on this node follows. A channel that nobody follows costs a failed look-up a turn.</summary>
internal sealed class LiveFeed(AmsActorsOptions options, IDispatcher dispatcher) : ILivePublisher
{
    private readonly ConcurrentDictionary<string, LiveChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>The channels that are followed.</summary>
    public IEnumerable<LiveChannel> Channels => _channels.Select(entry => entry.Value);

    /// <summary>How many channels are followed.</summary>
    public int Count => _channels.Count;

    /// <summary>Follows a channel: everything published from now on is kept for the subscriber, or at least told.</summary>
    public LiveChannel Subscribe(string channelId)
    {
        while (true)
        {
            var channel = _channels.GetOrAdd(channelId, static (id, feed) => feed.Make(id), this);
            if (channel.TrySubscribe())
                return channel;
            _channels.TryRemove(KeyValuePair.Create(channelId, channel));
        }
    }

    /// <summary>Ends a subscription. The last one takes the ring with it.</summary>
    public void Unsubscribe(LiveChannel channel)
    {
        if (channel.Unsubscribe())
            _channels.TryRemove(KeyValuePair.Create(channel.ChannelId, channel));
    }

    /// <inheritdoc />
    public void Publish(string channelId, IReadOnlyList<JournalEvent> events)
    {
        if (events.Count > 0 && _channels.TryGetValue(channelId, out var channel))
            channel.Publish(events);
    }

    /// <inheritdoc />
    public void Advance(string channelId, long head)
    {
        if (_channels.TryGetValue(channelId, out var channel))
            channel.Advance(head);
    }

    /// <inheritdoc />
    public void Erase(string channelId)
    {
        if (_channels.TryGetValue(channelId, out var channel))
            channel.Erase();
    }

    private LiveChannel Make(string channelId) => new(channelId, options, dispatcher);
}
