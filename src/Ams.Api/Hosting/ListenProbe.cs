using System.Net;
using System.Net.Sockets;
using Ams.Api.Configuration;

namespace Ams.Api.Hosting;

/// <summary>Finds out that an address can't be listened on before anything is opened, so that a start that fails for it has touched nothing.</summary>
internal static class ListenProbe
{
    /// <summary>Takes each address for a moment. Who takes one in between is met by Kestrel.</summary>
    /// <exception cref="SettingsException">One can't be had; the message names it.</exception>
    public static void Run(IEnumerable<Uri> addresses)
    {
        foreach (var address in addresses)
            Probe(address);
    }

    private static void Probe(Uri address)
    {
        if (!IPAddress.TryParse(address.DnsSafeHost, out var ip))
            ip = IPAddress.Loopback;
        using var listener = new TcpListener(ip, address.Port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new SettingsException(
                $"AMS_LISTEN: can't listen on {address.Authority}: {e.Message}; stop what does, or listen elsewhere",
                e
            );
        }
    }
}
