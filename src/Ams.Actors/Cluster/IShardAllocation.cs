using Ams.Actors.Sharding;

namespace Ams.Actors.Cluster;

/// <summary>Who owns which shard. On one node it owns them all; in a cluster the rows of the database say it. Safe for concurrent use.</summary>
internal interface IShardAllocation
{
    /// <summary>A shard's owner, as far as this node knows. It may have changed: the append's own check decides.</summary>
    ShardOwner OwnerOf(int shardId);
}

/// <summary>A shard's owner.</summary>
/// <param name="Term">Under which this node owns it; appended with every batch. Goes up with each change of owner.</param>
/// <param name="Remote">The way to the node that owns it, or null when this one does.</param>
internal readonly record struct ShardOwner(long Term, IShardRegion? Remote);
