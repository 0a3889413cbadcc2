using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ams.Api.Hosting;

/// <summary>The ports through which a route is reached.</summary>
[Flags]
internal enum Doors
{
    /// <summary>None: the route does not exist.</summary>
    None = 0,

    /// <summary>The clients' port.</summary>
    Main = 1,

    /// <summary>The operator's port.</summary>
    Operator = 2,

    /// <summary>Either.</summary>
    Both = Main | Operator,
}

/// <summary>Keeps each route to its doors: on another one it does not exist.</summary>
internal sealed class DoorMiddleware(RequestDelegate next)
{
    /// <summary>Runs after routing. A route that does not say otherwise is the clients'.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not { } endpoint)
            return next(http);
        var doors = endpoint.Metadata.GetMetadata<DoorMetadata>()?.Doors ?? Doors.Main;
        var door = http.Features.Get<OperatorDoor>() is null ? Doors.Main : Doors.Operator;
        if ((doors & door) == Doors.None)
        {
            http.SetEndpoint(null);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        return next(http);
    }
}

/// <summary>Tells and finds out through which door a connection came.</summary>
internal static class DoorExtensions
{
    /// <summary>Where the route is reached.</summary>
    public static TBuilder At<TBuilder>(this TBuilder route, Doors doors)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new DoorMetadata(doors));

    /// <summary>Marks every connection of this listener as the operator's. The mark is the listener's: no header can give it.</summary>
    public static void IsOperators(this ListenOptions listen) =>
        listen.Use(static next =>
            connection =>
            {
                connection.Features.Set(OperatorDoor.Mark);
                return next(connection);
            }
        );
}

/// <summary>Where a route is reached.</summary>
internal sealed record DoorMetadata(Doors Doors);

/// <summary>The mark of a connection to the operator's port.</summary>
internal sealed class OperatorDoor
{
    public static OperatorDoor Mark { get; } = new();
}
