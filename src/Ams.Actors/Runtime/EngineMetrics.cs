using System.Diagnostics.Metrics;

namespace Ams.Actors.Runtime;

/// <summary>What the engine counts. No figure names a workspace, a channel or a principal. Without a listener each costs a null check.</summary>
internal static class EngineMetrics
{
    /// <summary>The meter's name, for listeners.</summary>
    public const string MeterName = "Ams.Actors";

    private static readonly double[] LatencyBuckets =
    [
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];

    private static readonly double[] BatchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    private static readonly Meter Meter = new(MeterName);

    /// <summary>From the ask until its reply is sent, which is after the commit.</summary>
    public static Histogram<double> AckDuration { get; } =
        Meter.CreateHistogram(
            "ams.ack.duration",
            "s",
            "From a command's arrival at its channel until its reply, which is sent after the commit.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyBuckets }
        );

    /// <summary>How long commits take, fsync included. Its count is that of the commits.</summary>
    public static Histogram<double> CommitDuration { get; } =
        Meter.CreateHistogram(
            "ams.commit.duration",
            "s",
            "Duration of a group commit, fsync included.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyBuckets }
        );

    /// <summary>How many events one commit holds.</summary>
    public static Histogram<long> CommitEvents { get; } =
        Meter.CreateHistogram(
            "ams.commit.events",
            "{event}",
            "Events in one group commit.",
            tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. BatchBuckets.Select(bound => (long)bound)] }
        );

    /// <summary>Batches whose append did not end as committed.</summary>
    public static Counter<long> AppendsFailed { get; } =
        Meter.CreateCounter<long>(
            "ams.appends.failed",
            "{batch}",
            "Batches whose append did not end as committed; their callers are told to repeat."
        );

    /// <summary>Commands refused because too much waited for their channel.</summary>
    public static Counter<long> MailboxFull { get; } =
        Meter.CreateCounter<long>(
            "ams.mailbox.refused",
            "{command}",
            "Commands refused because as many as may were waiting for their channel."
        );

    /// <summary>Events handed to live readers from the ring.</summary>
    public static Counter<long> Delivered { get; } =
        Meter.CreateCounter<long>("ams.events.delivered", "{event}", "Events handed to subscribers from the live ring.");

    /// <summary>Events handed to readers that were behind, from the journal.</summary>
    public static Counter<long> Replayed { get; } =
        Meter.CreateCounter<long>("ams.events.replayed", "{event}", "Events handed to subscribers from the journal.");
}
