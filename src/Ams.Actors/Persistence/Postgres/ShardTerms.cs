namespace Ams.Actors.Persistence.Postgres;

/// <summary>What this node owns, as it believes: the database has the last word, at each append.</summary>
/// <param name="incarnation">The node's, new at each start.</param>
/// <param name="terms">By shard, the term under which it was taken.</param>
internal sealed class ShardTerms(string incarnation, IReadOnlyList<long> terms)
{
    /// <summary>The owner's name.</summary>
    public string Incarnation => incarnation;

    /// <summary>Channels to shards.</summary>
    public Shards Shards { get; } = new(terms.Count);

    /// <summary>The term of a batch: its own, or, for a writer that knows of none, the node's.</summary>
    public long Of(int shard, AppendBatch batch) => batch.Term != 0 ? batch.Term : terms[shard];
}
