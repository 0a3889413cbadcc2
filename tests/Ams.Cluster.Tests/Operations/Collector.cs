using System.Net;
using System.Net.Sockets;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Operations;

/// <summary>A span as it was exported.</summary>
internal sealed record Span(string Name, string TraceId, string SpanId, string ParentId);

/// <summary>An OpenTelemetry collector on loopback: takes what is exported as http/protobuf and keeps it.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(string Path, byte[] Body)> _exports = [];

    public Collector()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ReceiveAsync();
    }

    /// <summary>Where to export to.</summary>
    public Uri Address { get; }

    /// <summary>Everything so far: the path, and what was sent to it.</summary>
    public IReadOnlyList<(string Path, byte[] Body)> Exports
    {
        get
        {
            lock (_lock)
                return [.. _exports];
        }
    }

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<Span> Spans =>
        [
            .. from export in Exports
            where export.Path == "/v1/traces"
            from resource in Protobuf.Messages(export.Body, 1)
            from scope in Protobuf.Messages(resource, 2)
            from span in Protobuf.Messages(scope, 2)
            select new Span(
                System.Text.Encoding.UTF8.GetString(Protobuf.Messages(span, 5).Single()),
                Convert.ToHexStringLower(Protobuf.Messages(span, 1).Single()),
                Convert.ToHexStringLower(Protobuf.Messages(span, 2).Single()),
                Convert.ToHexStringLower(Protobuf.Messages(span, 4).SingleOrDefault() ?? [])
            ),
        ];

    /// <summary>The same setup, exporting here, soon.</summary>
    public ServerSetup Attach(ServerSetup setup) =>
        setup
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", Address.AbsoluteUri)
            .With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .With("OTEL_BSP_SCHEDULE_DELAY", "100")
            .With("OTEL_METRIC_EXPORT_INTERVAL", "500");

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_lock)
                    _exports.Add((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or SocketException or IOException)
            {
                // The test ends, or an exporter went away in the middle of a request.
            }
        }
    }
}

/// <summary>As much of protobuf as it takes to find the nested messages and strings of a field.</summary>
internal static class Protobuf
{
    /// <summary>The length-delimited values of a field.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                        yield return message[at..(at + length)];
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is not of these messages.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
    }
}
