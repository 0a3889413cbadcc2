using System.Data.Common;

namespace Ams.Actors.Storage;

/// <summary>The store that the journals and the control plane share. Internal: no ADO.NET type stands in a public signature.</summary>
internal interface IDatabase
{
    /// <summary>Which SQL is spoken.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Runs reads on a pooled connection. They see everything committed before the call.</summary>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The store does not answer.</exception>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct);

    /// <summary>Runs work in one transaction and returns once it is committed with fsync. Work that throws rolls back. On SQLite it runs on the one
    /// writer thread, between group commits, so it must be short and use nothing but the transaction. On PostgreSQL it may
    /// run again when it lost against another transaction: nothing of the run before is there.</summary>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The store does not answer, or it is unknown whether it committed.</exception>
    Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct);
}

/// <summary>The SQL of a store.</summary>
internal enum SqlDialect
{
    /// <summary>SQLite, inside the process.</summary>
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    Postgres,
}
