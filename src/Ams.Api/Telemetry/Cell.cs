namespace Ams.Api.Telemetry;

/// <summary>One series: a sum, or a histogram. Written by any thread without a lock; a reader sees each number whole, though not all at one moment.</summary>
internal sealed class Cell(KeyValuePair<string, object?>[] tags, double[]? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private long _sumBits;

    /// <summary>The labels.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>The upper bounds of a histogram's buckets; null: no histogram.</summary>
    public double[]? Bounds => bounds;

    /// <summary>The sum, or the latest value.</summary>
    public double Sum => BitConverter.Int64BitsToDouble(Volatile.Read(ref _sumBits));

    /// <summary>How many values fell into a bucket; the last one is above all bounds.</summary>
    public long CountOf(int bucket) => Volatile.Read(ref _buckets[bucket]);

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        if (bounds is not null)
            Interlocked.Increment(ref _buckets[BucketOf(bounds, value)]);
        long seen;
        long next;
        do
        {
            seen = Volatile.Read(ref _sumBits);
            next = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + value);
        } while (Interlocked.CompareExchange(ref _sumBits, next, seen) != seen);
    }

    /// <summary>Forgets what was added: an observed value is told anew each time.</summary>
    public void Reset() => Volatile.Write(ref _sumBits, 0);

    private static int BucketOf(double[] bounds, double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        return bucket;
    }
}
