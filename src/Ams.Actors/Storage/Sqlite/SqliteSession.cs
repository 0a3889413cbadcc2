using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>One connection with its settings and its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>How long a statement waits for another process' lock.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>True once something failed in a way that leaves the connection's state in doubt: it is closed, not used again.</summary>
    public bool Broken { get; set; }

    /// <summary>The connection that writes: it owns the settings that stand in the file.</summary>
    public static SqliteSession OpenWriter(string path) => Open(path, SqliteOpenMode.ReadWriteCreate, WriterPragmas);

    /// <summary>A connection that can't write.</summary>
    public static SqliteSession OpenReader(string path) => Open(path, SqliteOpenMode.ReadWrite, ReaderPragmas);

    /// <summary>A connection without any setting, which changes nothing by being opened.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = (int)BusyTimeout.TotalSeconds,
            }.ToString()
        );
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A statement, prepared once a session.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new SqliteStatement(Connection.Handle!, sql);
        return statement;
    }

    /// <summary>Runs SQL that is rare enough not to be kept prepared.</summary>
    public void Execute(string sql)
    {
        using var statement = new SqliteStatement(Connection.Handle!, sql);
        while (statement.Step()) { }
    }

    /// <summary>True while a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Connection.Handle!) == 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        Connection.Dispose();
    }

    // mmap stays off: an I/O error on a mapped page is a SIGBUS that ends the process, while a read that fails is a 503.
    // secure_delete: what is erased must be gone from the stored bytes. cell_size_check: damage is found when it is read, not later.
    private const string CommonPragmas = """
        PRAGMA busy_timeout = 5000;
        PRAGMA foreign_keys = ON;
        PRAGMA mmap_size = 0;
        PRAGMA temp_store = MEMORY;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;

        """;

    // FULL, not NORMAL: NORMAL acknowledges commits whose fsync failed (ADR 0006).
    private const string WriterPragmas =
        CommonPragmas
        + """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -65536;
            """;

    private const string ReaderPragmas =
        CommonPragmas
        + """
            PRAGMA cache_size = -8192;
            PRAGMA query_only = ON;
            """;

    private static SqliteSession Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var connection = Connect(path, mode);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
