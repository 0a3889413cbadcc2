using System.Collections.Concurrent;
using System.Globalization;
using Ams.Api.Http;
using Ams.Api.Telemetry;
using Ams.Contracts;

namespace Ams.Api.RateLimits;

/// <summary>
/// One bucket a token on this node, kept as the single number that the generic cell rate algorithm needs: the time at which the bucket will
/// be full again. Safe for concurrent use; a take is one compare-and-swap.
/// </summary>
internal sealed class RateLimiter(RatePolicy? policy, TimeProvider time)
{
    private const int SweepAbove = 10_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly long _ticksPerItem = policy is null ? 0 : TimeSpan.TicksPerSecond / policy.PerSecond;
    private readonly long _burstTicks = policy is null ? 0 : policy.Burst * (TimeSpan.TicksPerSecond / policy.PerSecond);
    private readonly long _origin = time.GetTimestamp();
    private int _sweeping;

    /// <summary>The policy, or null when the limit is off.</summary>
    public RatePolicy? Policy => policy;

    /// <summary>Takes <paramref name="cost"/> from a token's bucket, or nothing if there is not enough. What costs more than a burst is let
    /// through on a bucket that is full but for one, and paid for afterwards: otherwise it could never be done.</summary>
    public RateTake TryTake(string tokenId, int cost)
    {
        if (policy is null)
            return new RateTake(Allowed: true, int.MaxValue, TimeSpan.Zero);
        var now = time.GetElapsedTime(_origin).Ticks;
        var bucket = _buckets.GetOrAdd(tokenId, static _ => new Bucket());
        if (_buckets.Count > SweepAbove)
            Sweep(now);
        var needed = (cost == 1 ? 1 : Math.Min(cost, policy.Burst - 1)) * _ticksPerItem;
        while (true)
        {
            var seen = Volatile.Read(ref bucket.FullAt);
            var fullAt = Math.Max(seen, now);
            var wait = fullAt + needed - now - _burstTicks;
            if (wait > 0)
            {
                ApiMetrics.RateLimited.Add(1);
                return new RateTake(Allowed: false, Remaining(fullAt, now), TimeSpan.FromTicks(wait));
            }
            var next = fullAt + cost * _ticksPerItem;
            if (Interlocked.CompareExchange(ref bucket.FullAt, next, seen) == seen)
                return new RateTake(Allowed: true, Remaining(next, now), TimeSpan.Zero);
        }
    }

    /// <summary>Takes, tells the caller by headers how much is left, and gives the refusal if there was not enough.</summary>
    public Refusal? Judge(HttpContext http, string tokenId, int cost)
    {
        if (policy is null)
            return null;
        var take = TryTake(tokenId, cost);
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = policy.Header;
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"default\";r={take.Remaining};t={(take.RetryAfter.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond}"
        );
        if (take.Allowed)
            return null;
        http.State().RetryAfter = take.RetryAfter;
        return Refused(take);
    }

    /// <summary>What a caller over its rate is told.</summary>
    public static Refusal Refused(RateTake take) =>
        new(
            ErrorCodes.RateLimited,
            $"The token is over its rate; repeat the request in {Math.Max(1, (int)Math.Ceiling(take.RetryAfter.TotalSeconds))} s."
        );

    private int Remaining(long fullAt, long now) => (int)Math.Max(0, (_burstTicks - (fullAt - now)) / _ticksPerItem);

    /// <summary>Forgets full buckets: a token that comes back gets a full one.</summary>
    private void Sweep(long now)
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
            return;
        foreach (var (tokenId, bucket) in _buckets)
        {
            if (Volatile.Read(ref bucket.FullAt) <= now)
                _buckets.TryRemove(tokenId, out _);
        }
        Volatile.Write(ref _sweeping, 0);
    }

    private sealed class Bucket
    {
        public long FullAt;
    }
}

/// <summary>How a take ended.</summary>
/// <param name="Allowed">True: taken.</param>
/// <param name="Remaining">What may be taken at once now.</param>
/// <param name="RetryAfter">For one that was refused, when there will be enough; else zero.</param>
internal readonly record struct RateTake(bool Allowed, int Remaining, TimeSpan RetryAfter);

/// <summary>The rate, from a request's context.</summary>
internal static class RateExtensions
{
    /// <summary>Takes <paramref name="cost"/> on top of the one that every request costs: a batch asks for its messages but the first.</summary>
    /// <returns>Null, or the refusal to be written; <c>Retry-After</c> is known by then.</returns>
    public static Refusal? TryTakeRate(this HttpContext http, int cost) =>
        cost < 1 ? null : http.RequestServices.GetRequiredService<RateLimiter>().Judge(http, http.Caller().TokenId, cost);
}
