using System.Net.Sockets;
using System.Text;

namespace Ams.Conformance;

/// <summary>Sends bytes as they are, well-formed or not.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(20);

    /// <summary>Sends, then reads until the server closes; the request should say <c>Connection: close</c>.</summary>
    public static async Task<string> ExchangeAsync(Target target, byte[] request)
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        using var client = new TcpClient();
        await client.ConnectAsync(target.BaseAddress.Host, target.BaseAddress.Port, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(request, patience.Token);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // A reset after the answer: the server did not want the rest of the request.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public static Task<string> ExchangeAsync(Target target, string request) =>
        ExchangeAsync(target, Encoding.Latin1.GetBytes(request));
}
