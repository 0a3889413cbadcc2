namespace Ams.Benchmarks.Load;

/// <summary>What one round of one measurement gave.</summary>
internal sealed record Round(double PerSecond, TimeSpan P50, TimeSpan P99, TimeSpan ServerCpuPerUnit, TimeSpan LoadCpuPerUnit);

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static TimeSpan Median(IEnumerable<TimeSpan> values) =>
        TimeSpan.FromTicks((long)Median(values.Select(value => (double)value.Ticks)));

    /// <summary>The value below which this part of the values lies. Sorts them.</summary>
    public static TimeSpan Quantile(List<TimeSpan> values, double part)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(values.Count * part))];
    }

    public static Round MedianOf(IReadOnlyList<Round> rounds) =>
        new(
            Median(rounds.Select(round => round.PerSecond)),
            Median(rounds.Select(round => round.P50)),
            Median(rounds.Select(round => round.P99)),
            Median(rounds.Select(round => round.ServerCpuPerUnit)),
            Median(rounds.Select(round => round.LoadCpuPerUnit))
        );
}
