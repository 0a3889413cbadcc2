using System.Text;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>Which shard a channel is in. The number of shards is the database's, given once: a channel never changes its shard.</summary>
internal sealed class Shards(int count)
{
    /// <summary>The number of shards of a new database: some for each of many nodes, few enough to be taken in one statement.</summary>
    public const int CountOfNew = 256;

    /// <summary>The channel's shard: 0 up to the number of shards.</summary>
    public int Of(string persistenceId)
    {
        // FNV-1a. It stands in the database who owns what, so it must never change; string.GetHashCode differs from process to process.
        const uint offset = 2_166_136_261;
        const uint prime = 16_777_619;
        var hash = offset;
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(persistenceId.Length, 256))];
        var length = Encoding.UTF8.GetBytes(persistenceId.AsSpan(0, Math.Min(persistenceId.Length, 256)), bytes);
        foreach (var b in bytes[..length])
            hash = (hash ^ b) * prime;
        return (int)((hash ^ (hash >> 16)) % (uint)count);
    }
}
