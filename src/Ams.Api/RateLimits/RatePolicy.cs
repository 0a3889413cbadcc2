using System.Globalization;

namespace Ams.Api.RateLimits;

/// <summary>How much a token may do on one node: a steady rate, and a burst on top of an idle time.</summary>
/// <param name="PerSecond">Requests (or messages of a batch) a second, at least 1.</param>
/// <param name="Burst">The most at once, at least 1.</param>
internal sealed record RatePolicy(int PerSecond, int Burst)
{
    /// <summary>The <c>RateLimit-Policy</c> header: the quota and the seconds in which it fills again.</summary>
    public string Header { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"default\";q={Burst};w={Math.Max(1, (Burst + PerSecond - 1) / PerSecond)}"
        );

    /// <summary>Reads <c>200/s:1000</c>; <c>off</c> is null. False when it is neither.</summary>
    public static bool TryParse(string text, out RatePolicy? policy)
    {
        policy = null;
        if (text.Equals("off", StringComparison.Ordinal))
            return true;
        var parts = text.Split("/s:");
        if (parts.Length != 2 || !TryCount(parts[0], out var perSecond) || !TryCount(parts[1], out var burst))
            return false;
        policy = new RatePolicy(perSecond, burst);
        return true;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= 1_000_000;
}
