using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ams.Api.Telemetry;

/// <summary>Sends traces and figures to a collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. Without it nothing is made and nothing costs.
/// The other <c>OTEL_</c> keys (protocol, headers, sampler, service name) are OpenTelemetry's own.</summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>What turns it on.</summary>
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Ams.Actors"];

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    /// <summary>Begins to export, if there is a collector to export to.</summary>
    public OtlpExport()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointKey)))
            return;
        var service = ResourceBuilder.CreateDefault().AddService("ams").AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(service).AddSource(Sources).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(service)
            .AddMeter([.. MetricsRegistry.MeterNames])
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
