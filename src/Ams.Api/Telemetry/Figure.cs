using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ams.Api.Telemetry;

/// <summary>Everything of one name: the series that its instruments, of one server or of several in a process, have told of.</summary>
internal sealed class Figure
{
    // Labels are routes, status codes and the like, never anything of a tenant. The bound is for the label that somebody adds by mistake.
    private const int CellsMax = 2000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel.metric.overflow", "true")];

    private readonly ConcurrentDictionary<int, Link> _cells = new();
    private readonly Lock _adding = new();
    private readonly double[]? _bounds;
    private int _count;

    /// <summary>Takes name, unit and kind from the first instrument of that name.</summary>
    public Figure(Instrument instrument)
    {
        Name = instrument.Name;
        Unit = instrument.Unit ?? "";
        Description = instrument.Description ?? "";
        Kind = KindOf(instrument);
        _bounds = Kind == FigureKind.Histogram ? BoundsOf(instrument) : null;
    }

    /// <summary>The name, with dots.</summary>
    public string Name { get; }

    /// <summary>The unit in UCUM's words.</summary>
    public string Unit { get; }

    /// <summary>What it tells.</summary>
    public string Description { get; }

    /// <summary>How it is to be read.</summary>
    public FigureKind Kind { get; }

    /// <summary>Every series.</summary>
    public IEnumerable<Cell> Cells
    {
        get
        {
            foreach (var (_, first) in _cells)
            {
                for (var link = first; link is not null; link = link.Next)
                    yield return link.Cell;
            }
        }
    }

    /// <summary>Adds a value to the series of those tags. No allocation but for a series that is new.</summary>
    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        var cell = _cells.TryGetValue(hash, out var first) ? Find(first, tags) : null;
        (cell ?? Make(hash, tags)).Add(value);
    }

    private Cell Make(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_adding)
        {
            if (_count >= CellsMax && !tags.SequenceEqual(Overflow))
            {
                var overflow = HashOf(Overflow);
                return _cells.TryGetValue(overflow, out var full) ? full.Cell : Make(overflow, Overflow);
            }
            _cells.TryGetValue(hash, out var first);
            if (Find(first, tags) is { } known)
                return known;
            var cell = new Cell(tags.ToArray(), _bounds);
            _cells[hash] = new Link(cell, first);
            _count++;
            return cell;
        }
    }

    private static Cell? Find(Link? link, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        for (; link is not null; link = link.Next)
        {
            if (AreEqual(link.Cell.Tags, tags))
                return link.Cell;
        }
        return null;
    }

    private static bool AreEqual(
        ReadOnlySpan<KeyValuePair<string, object?>> some,
        ReadOnlySpan<KeyValuePair<string, object?>> others
    )
    {
        if (some.Length != others.Length)
            return false;
        for (var i = 0; i < some.Length; i++)
        {
            if (!string.Equals(some[i].Key, others[i].Key, StringComparison.Ordinal) || !Equals(some[i].Value, others[i].Value))
                return false;
        }
        return true;
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var (key, value) in tags)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    private static FigureKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? FigureKind.Histogram
            : type == typeof(Counter<>) ? FigureKind.Counter
            : type == typeof(ObservableCounter<>) ? FigureKind.ObservedCounter
            : type == typeof(UpDownCounter<>) ? FigureKind.Level
            : FigureKind.ObservedLevel;
    }

    private static double[] BoundsOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
            _ => DefaultBounds,
        };

    private sealed record Link(Cell Cell, Link? Next);
}

/// <summary>How a figure is to be read.</summary>
internal enum FigureKind
{
    /// <summary>Adds up what it was told.</summary>
    Counter,

    /// <summary>Goes up and down by what it was told.</summary>
    Level,

    /// <summary>Counts by size.</summary>
    Histogram,

    /// <summary>A total that is asked for.</summary>
    ObservedCounter,

    /// <summary>A value that is asked for.</summary>
    ObservedLevel,
}
