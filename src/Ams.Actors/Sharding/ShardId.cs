namespace Ams.Actors.Sharding;

/// <summary>Which shard a channel belongs to: the same on every node, in every release, for as long as a database lives.</summary>
internal static class ShardId
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>FNV-1a over the id's characters, then a finaliser, since ids of one moment differ only at their end.</summary>
    public static int Of(string channelId, int shardCount)
    {
        var hash = OffsetBasis;
        foreach (var c in channelId)
            hash = (hash ^ c) * Prime;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >> 16;
        return (int)(hash % (uint)shardCount);
    }
}
