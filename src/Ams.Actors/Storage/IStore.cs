using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.Actors.Storage;

/// <summary>What a host needs of an open store. Disposing it commits what was accepted, then closes it.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>For the control plane.</summary>
    IDatabase Database { get; }

    /// <summary>The write side of the logs.</summary>
    IJournal Journal { get; }

    /// <summary>The read side of the logs.</summary>
    IReadJournal ReadJournal { get; }
}
