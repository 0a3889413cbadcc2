using System.Collections.Concurrent;
using Ams.Actors.Channels;

namespace Ams.Actors.Sharding;

/// <summary>One shard's actors on this node, and the term under which the node owns it.</summary>
internal sealed class Shard(int id)
{
    private long _term;

    public int Id { get; } = id;

    /// <summary>The term of the latest ownership that this node knows of.</summary>
    public long Term
    {
        get => Volatile.Read(ref _term);
        set => Volatile.Write(ref _term, value);
    }

    /// <summary>The actors in memory, by channel. An actor leaves when it has closed its mailbox, never before.</summary>
    public ConcurrentDictionary<string, ChannelActor> Actors { get; } = new(1, 4, StringComparer.Ordinal);
}
