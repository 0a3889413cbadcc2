namespace Ams.Actors.Storage;

/// <summary>Which store a host keeps its data in: <see cref="SqliteStoreOptions"/> or <see cref="PostgresStoreOptions"/>.</summary>
public abstract record StoreOptions;

/// <summary>An SQLite file: one node.</summary>
/// <param name="Path">Absolute.</param>
public sealed record SqliteStoreOptions(string Path) : StoreOptions;

/// <summary>A PostgreSQL database.</summary>
/// <param name="Url">Where it is.</param>
public sealed record PostgresStoreOptions(PostgresUrl Url) : StoreOptions
{
    /// <summary>Most connections that read, or that change the control plane.</summary>
    public int QueryConnectionsMax { get; init; } = 16;

    /// <summary>How many commits of the journal may be under way at once; channels are spread over them by shard.</summary>
    public int Writers { get; init; } = 4;

    /// <summary>The longest wait for a connection: for a free one of the pool, or for a new one to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest that a statement may take, lock waits included. Not an append: see <see cref="AppendTimeout"/>.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that the answer to an append, or to a commit of the control plane, is waited for. It is never cancelled: its connection is
    /// given up, and its outcome is in doubt.</summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
