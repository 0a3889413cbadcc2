namespace Ams.Actors.Cluster;

/// <summary>The cluster of one: this node owns every shard, under term 0, for ever.</summary>
internal sealed class SingleNode : IShardAllocation
{
    public ShardOwner OwnerOf(int shardId) => new(Term: 0, Remote: null);
}
