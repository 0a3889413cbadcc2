using System.Diagnostics.Metrics;

namespace Ams.Actors.Runtime;

/// <summary>What of one engine is looked at when somebody asks, and not counted. Ends with the engine.</summary>
internal sealed class EngineGauges : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);

    /// <summary>Begins to offer the figures.</summary>
    public EngineGauges(Func<int> actors, Func<long> waiting, Func<int> followed)
    {
        _meter.CreateObservableUpDownCounter("ams.actors", actors, "{actor}", "Channels with an actor in memory.");
        _meter.CreateObservableUpDownCounter(
            "ams.mailbox.depth",
            waiting,
            "{command}",
            "Commands that wait for a turn or its commit."
        );
        _meter.CreateObservableUpDownCounter("ams.channels.followed", followed, "{channel}", "Channels with a live subscriber.");
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();
}
