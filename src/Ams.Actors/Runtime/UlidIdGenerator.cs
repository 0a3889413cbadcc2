using System.Security.Cryptography;

namespace Ams.Actors.Runtime;

/// <summary>Ids as ULIDs in lower-case Crockford base 32: 48 bits of milliseconds, then 80 random bits from the system's secure source.
/// Ids of different milliseconds sort by time; within one they do not. Safe for concurrent use.</summary>
public sealed class UlidIdGenerator(TimeProvider time) : IIdGenerator
{
    // One call into the system's generator costs more than everything else here; a kilobyte serves a hundred ids.
    private const int PoolBytes = 1000;

    [ThreadStatic]
    private static byte[]? _pool;

    [ThreadStatic]
    private static int _poolUsed;

    /// <inheritdoc />
    public string NewId(string prefix)
    {
        var pool = _pool;
        if (pool is null || _poolUsed + Ulid.RandomBytes > PoolBytes)
        {
            pool = _pool ??= new byte[PoolBytes];
            RandomNumberGenerator.Fill(pool);
            _poolUsed = 0;
        }
        var random = pool.AsSpan(_poolUsed, Ulid.RandomBytes);
        _poolUsed += Ulid.RandomBytes;
        return Ulid.Format(prefix, time.GetUtcNow(), random);
    }

    /// <inheritdoc />
    public void Fill(Span<byte> secret) => RandomNumberGenerator.Fill(secret);
}
