using System.Net;
using System.Text;
using Ams.Api.Configuration;
using Ams.Contracts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ams.Api.Hosting;

/// <summary>Kestrel, with the limits of the settings and those of the protocol.</summary>
internal static class KestrelSetup
{
    private static readonly TimeSpan BodyRateGrace = TimeSpan.FromSeconds(5);

    /// <summary>Applies them.</summary>
    public static void Apply(KestrelServerOptions kestrel, AmsSettings settings)
    {
        kestrel.AddServerHeader = false;
        // Any byte of a header becomes a character, so that we refuse it, in our own form, and not the parser, in none.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = settings.Http.RequestLineBytesMax;
        limits.MaxRequestHeadersTotalSize = settings.Http.HeadersBytesMax;
        limits.RequestHeadersTimeout = settings.Http.HeadersTimeout;
        limits.KeepAliveTimeout = settings.Http.KeepAliveTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(settings.Http.BodyBytesPerSecondMin, BodyRateGrace);
        // Each route judges its own limit, so that it can say so; this is the belt for those that read no body.
        limits.MaxRequestBodySize = Limits.BatchBytesMax + 1;
        // HTTP/2 with prior knowledge names its scheme itself, and it is http.
        kestrel.AllowAlternateSchemes = true;
        var gate = new ConnectionGate(settings.Http.ConnectionsMax ?? FileDescriptors.ConnectionsMax());
        foreach (var address in settings.Listen)
        {
            Listen(
                kestrel,
                address,
                listen =>
                {
                    gate.Guard(listen);
                    listen.ServeHttp2WithPriorKnowledge(settings.Http.HeadersTimeout);
                }
            );
        }
        // Not through the gate: the operator gets in when it is full.
        foreach (var address in settings.Operator.Listen)
            Listen(kestrel, address, static listen => listen.IsOperators());
    }

    private static void Listen(KestrelServerOptions kestrel, Uri address, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(address.DnsSafeHost, out var ip))
            kestrel.Listen(ip, address.Port, configure);
        else if (address.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0, configure);
        else
            kestrel.ListenLocalhost(address.Port, configure);
    }
}
