using System.Diagnostics.Metrics;

namespace Ams.ControlPlane.Storage;

/// <summary>What the control plane counts. No figure names a workspace, a channel or a principal.</summary>
internal static class ControlPlaneMetrics
{
    /// <summary>The meter's name, for listeners.</summary>
    public const string MeterName = "Ams.ControlPlane";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Look-ups in the caches of tokens, channels, memberships and principals, by how they ended.</summary>
    public static Counter<long> CacheLookups { get; } =
        Meter.CreateCounter<long>(
            "ams.cache.lookups",
            "{lookup}",
            "Look-ups in a cache of the control plane, by cache and result."
        );
}
