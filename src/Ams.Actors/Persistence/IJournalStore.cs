namespace Ams.Actors.Persistence;

/// <summary>One store under the group commit. The contract suite runs over every implementation.</summary>
internal interface IJournalStore
{
    /// <summary>Commits the batches in one transaction. Each gets its own status, in order; a conflict in one never touches another.</summary>
    /// <remarks>Called by one committer at a time per shard group. Throws nothing: a fault is a status of every batch.</remarks>
    ValueTask<AppendStatus[]> CommitAsync(IReadOnlyList<AppendBatch> batches);
}
