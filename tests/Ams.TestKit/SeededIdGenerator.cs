using Ams.Actors.Runtime;

namespace Ams.TestKit;

/// <summary>Ids and "secrets" that a seed replays. Never for anything but tests.</summary>
public sealed class SeededIdGenerator(int seed, TimeProvider time) : IIdGenerator
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <inheritdoc />
    public string NewId(string prefix)
    {
        Span<byte> random = stackalloc byte[Ulid.RandomBytes];
        Fill(random);
        return Ulid.Format(prefix, time.GetUtcNow(), random);
    }

    /// <inheritdoc />
    public void Fill(Span<byte> secret)
    {
        lock (_gate)
        {
            _random.NextBytes(secret);
        }
    }
}
