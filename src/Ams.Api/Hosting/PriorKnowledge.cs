using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Ams.Api.Hosting;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 on one port without TLS. Kestrel tells them apart by TLS' negotiation alone, so without it every connection is taken for
/// HTTP/1.1. A client with prior knowledge (RFC 9113, section 3.3) opens with a fixed preface: its first bytes are looked at, not taken, and such a connection is
/// marked as if HTTP/2 had been negotiated.
/// </summary>
internal static class PriorKnowledge
{
    // "PRI * HTTP/2.0 …": no method of HTTP/1.1 begins with these three letters.
    private static ReadOnlySpan<byte> Preface => "PRI"u8;

    /// <summary>Adds it to an address.</summary>
    /// <param name="patience">How long a connection may stay silent at its beginning; then it is cut off.</param>
    public static void ServeHttp2WithPriorKnowledge(this ListenOptions listen, TimeSpan patience)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(next => connection => RunAsync(next, connection, patience));
    }

    private static async Task RunAsync(ConnectionDelegate next, ConnectionContext connection, TimeSpan patience)
    {
        using var silence = new CancellationTokenSource(patience);
        try
        {
            if (await BeginsWithPrefaceAsync(connection.Transport.Input, silence.Token))
            {
                var negotiated = new NegotiatedHttp2();
                connection.Features.Set<ITlsConnectionFeature>(negotiated);
                connection.Features.Set<ITlsApplicationProtocolFeature>(negotiated);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException)
        {
            connection.Abort();
            return;
        }
        await next(connection);
    }

    private static async ValueTask<bool> BeginsWithPrefaceAsync(PipeReader input, CancellationToken ct)
    {
        while (true)
        {
            var read = await input.ReadAsync(ct);
            var verdict = Judge(read.Buffer);
            var undecided = verdict is null && !read.IsCompleted;
            input.AdvanceTo(read.Buffer.Start, undecided ? read.Buffer.End : read.Buffer.Start);
            if (!undecided)
                return verdict == true;
        }
    }

    private static bool? Judge(ReadOnlySequence<byte> buffer)
    {
        Span<byte> begin = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, begin.Length);
        buffer.Slice(0, length).CopyTo(begin);
        if (!Preface.StartsWith(begin[..length]))
            return false;
        return length == Preface.Length ? true : null;
    }

    private sealed class NegotiatedHttp2 : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        private static readonly byte[] Id = "h2"u8.ToArray();

        public ReadOnlyMemory<byte> ApplicationProtocol => Id;

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult(ClientCertificate);
    }
}
