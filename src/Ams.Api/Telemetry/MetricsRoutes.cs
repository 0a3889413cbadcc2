using System.Text;
using Ams.Api.Configuration;
using Ams.Api.Hosting;
using Ams.Api.Http;

namespace Ams.Api.Telemetry;

/// <summary>The figures, for Prometheus: on the operator's port always, on the main port when it is so configured.</summary>
internal static class MetricsRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<AmsSettings>().MetricsOnMainPort ? Doors.Both : Doors.Operator;
        routes.MapGet("/metrics", MetricsAsync).At(doors).DisableHttpMetrics();
    }

    private static async Task MetricsAsync(HttpContext http)
    {
        var text = "";
        http.Service<MetricsRegistry>().Collect(figures => text = PrometheusText.Write(figures));
        http.Response.ContentType = PrometheusText.ContentType;
        await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
    }
}
