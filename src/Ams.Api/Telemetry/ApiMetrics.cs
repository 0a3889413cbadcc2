using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Ams.Contracts;

namespace Ams.Api.Telemetry;

/// <summary>What the front end counts. No figure names a workspace, a channel or a principal.</summary>
internal static class ApiMetrics
{
    /// <summary>The meter's name, for listeners.</summary>
    public const string MeterName = "Ams.Api";

    private static readonly Meter Meter = new(MeterName);

    private static readonly FrozenDictionary<int, KeyValuePair<string, object?>> Codes = Enum.GetValues<CloseCode>()
        .Select(code => (int)code)
        .Distinct()
        .ToFrozenDictionary(code => code, code => new KeyValuePair<string, object?>("ams.close.code", code));

    /// <summary>Sockets that are open.</summary>
    public static UpDownCounter<long> Sockets { get; } =
        Meter.CreateUpDownCounter<long>("ams.sockets", "{socket}", "WebSockets that are open.");

    /// <summary>Requests and sends that were over their token's rate.</summary>
    public static Counter<long> RateLimited { get; } =
        Meter.CreateCounter<long>(
            "ams.rate_limited",
            "{request}",
            "Requests and sends refused because their token was over its rate."
        );

    private static readonly Counter<long> SocketCloses = Meter.CreateCounter<long>(
        "ams.socket.closes",
        "{socket}",
        "WebSockets that began to close, by the close code of protocol section 8."
    );

    /// <summary>A socket begins to close.</summary>
    public static void SocketClosed(CloseCode code) => SocketCloses.Add(1, Codes[(int)code]);
}
