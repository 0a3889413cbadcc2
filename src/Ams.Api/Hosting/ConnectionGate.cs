using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ams.Api.Hosting;

/// <summary>Bounds how many connections there are. Kestrel's own limit leaves out those that became WebSockets.</summary>
/// <param name="connectionsMax">Those beyond are closed at once. Null: no limit.</param>
internal sealed class ConnectionGate(int? connectionsMax)
{
    private int _connections;

    /// <summary>Stands in front of an address; one gate may stand in front of several.</summary>
    public void Guard(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _connections) <= (connectionsMax ?? int.MaxValue))
                await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
