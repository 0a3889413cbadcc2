using System.Globalization;

namespace Ams.Api.Configuration;

/// <summary>Durations and sizes as people write them.</summary>
internal static class Units
{
    private static readonly (string Suffix, long Ticks)[] Durations =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    private static readonly (string Suffix, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("B", 1),
    ];

    /// <summary>Reads <c>30s</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var ok = TryUnits(text, Durations, out var ticks);
        duration = TimeSpan.FromTicks(ticks);
        return ok;
    }

    /// <summary>Reads <c>64KiB</c>.</summary>
    public static bool TryBytes(string text, out long bytes) => TryUnits(text, Sizes, out bytes);

    /// <summary>Writes a duration as it is read.</summary>
    public static string Format(TimeSpan duration)
    {
        var (suffix, ticks) = Durations.Last(unit =>
            unit.Ticks <= Math.Max(duration.Ticks, 1) && duration.Ticks % unit.Ticks == 0 || unit.Suffix == "ms"
        );
        return $"{duration.Ticks / ticks}{suffix}";
    }

    private static bool TryUnits(string text, (string Suffix, long Factor)[] units, out long value)
    {
        value = 0;
        foreach (var (suffix, factor) in units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (
                !long.TryParse(
                    text.AsSpan(0, text.Length - suffix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var count
                )
            )
                continue;
            if (count > long.MaxValue / factor)
                return false;
            value = count * factor;
            return true;
        }
        return false;
    }
}
