namespace Ams.Benchmarks.Workloads;

internal static class FigureExtensions
{
    public static IReadOnlyDictionary<string, double> ToFigures(this IEnumerable<(string Name, double Value)> figures) =>
        figures.ToDictionary(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal);
}
