using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ams.Api.Telemetry;

/// <summary>Listens to the meters of the server and of the runtime, and adds up what they tell, for <c>/metrics</c>.</summary>
internal sealed class MetricsRegistry : IDisposable
{
    // The engine's and the control plane's meters are internal to their rooms; their names are the agreement.
    private static readonly string[] Meters =
    [
        ApiMetrics.MeterName,
        "Ams.Actors",
        "Ams.ControlPlane",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    private readonly ConcurrentDictionary<string, Figure> _figures = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _observing = new();

    /// <summary>Begins to listen.</summary>
    public MetricsRegistry()
    {
        _listener.InstrumentPublished = Enable;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, figure) => ((Figure)figure!).Add(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, figure) => ((Figure)figure!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, figure) => ((Figure)figure!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>The meters that are listened to.</summary>
    public static IReadOnlyList<string> MeterNames => Meters;

    /// <summary>Every figure as it stands now, by name.</summary>
    /// <param name="write">Called while observed values hold still.</param>
    public void Collect(Action<IEnumerable<Figure>> write)
    {
        lock (_observing)
        {
            foreach (var (_, figure) in _figures)
            {
                if (figure.Kind is not (FigureKind.ObservedCounter or FigureKind.ObservedLevel))
                    continue;
                foreach (var cell in figure.Cells)
                    cell.Reset();
            }
            _listener.RecordObservableInstruments();
            write(_figures.Values.OrderBy(figure => figure.Name, StringComparer.Ordinal));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private void Enable(Instrument instrument, MeterListener listener)
    {
        if (Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal))
            listener.EnableMeasurementEvents(
                instrument,
                _figures.GetOrAdd(instrument.Name, static (_, first) => new Figure(first), instrument)
            );
    }
}
