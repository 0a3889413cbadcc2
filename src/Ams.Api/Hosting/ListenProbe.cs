using System.Net;
using System.Net.Sockets;
using Ams.Api.Configuration;

namespace Ams.Api.Hosting;

/// <summary>Finds out that an address can't be listened on before anything is opened, so that a start that fails for it has touched nothing.</summary>
internal static class ListenProbe
{
    /// <summary>Takes each address for a moment. Who takes one in between is met by Kestrel.</summary>
    /// <param name="key">How the operator knows the setting.</param>
    /// <exception cref="SettingsException">One can't be had; the message names it.</exception>
    public static void Run(string key, IEnumerable<Uri> addresses)
    {
        foreach (var address in addresses)
            Probe(key, address);
    }

    private static void Probe(string key, Uri address)
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
                $"{key}: can't listen on {address.Authority}: {e.Message}; stop what does, or listen elsewhere{(key is "AMS_OPERATOR_LISTEN" ? ", or set it to off" : "")}",
                e
            );
        }
    }
}
