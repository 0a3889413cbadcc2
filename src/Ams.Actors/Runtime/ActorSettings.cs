using Microsoft.Extensions.Logging;

namespace Ams.Actors.Runtime;

/// <summary>What every actor of a node shares.</summary>
internal sealed record ActorSettings(
    AmsActorsOptions Options,
    TimeProvider Time,
    IIdGenerator Ids,
    IDispatcher Dispatcher,
    ILogger Log
);
