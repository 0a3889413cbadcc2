using System.Data.Common;
using System.Globalization;
using Ams.Actors.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>An SQLite file: one writer thread, a few reading connections.</summary>
internal sealed class SqliteDatabase : IDatabase, IAsyncDisposable
{
    private static readonly int ReadersMax = Math.Max(4, 2 * Environment.ProcessorCount);

    private readonly SqliteFileLock _lock;

    private SqliteDatabase(string path, SqliteFileLock fileLock, SqliteSession writer, ILogger logger)
    {
        Path = path;
        _lock = fileLock;
        Writer = new SqliteWriter(path, writer, logger);
        Readers = new SqliteReaders(path, ReadersMax);
    }

    public SqlDialect Dialect => SqlDialect.Sqlite;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The thread that writes.</summary>
    public SqliteWriter Writer { get; }

    /// <summary>The connections that read.</summary>
    public SqliteReaders Readers { get; }

    /// <summary>Opens the file, creating it and its directory, and brings its schema forward.</summary>
    /// <param name="migrations">The steps of every component, in the order in which they are to run.</param>
    /// <exception cref="DatabaseUnusableException">It can't be used; the message says why and what to do. Nothing was changed.</exception>
    public static async Task<SqliteDatabase> OpenAsync(
        string path,
        IReadOnlyList<Migration> migrations,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken ct
    )
    {
        var logger = loggers.CreateLogger<SqliteDatabase>();
        var fileLock = SqliteFileLock.Take(path);
        SqliteSession? session = null;
        try
        {
            await CheckAsync(path, migrations, ct);
            session = SqliteSession.OpenWriter(path);
            await Migrator.ApplyAsync(session.Connection, SqlDialect.Sqlite, migrations, path, time, logger, ct);
            return new SqliteDatabase(path, fileLock, session, logger);
        }
        catch (Exception e)
        {
            session?.Dispose();
            fileLock.Dispose();
            if (e is SqliteException failure && SqliteFault.IsStoreFault(failure))
                throw SqliteFault.Unusable(path, failure);
            throw;
        }
    }

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct) => Readers.ReadAsync(work, ct);

    public Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct)
    {
        var write = new SqliteControlWrite<T>(Path, work, Writer.Report, ct);
        Writer.Post(write);
        return write.Done;
    }

    /// <summary>Finishes what is under way and closes the file. The last connection folds the write-ahead log into it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Readers.DisposeAsync();
        await Writer.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>Looks at a file that exists before anything is written to it.</summary>
    private static async Task CheckAsync(string path, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return;
        await using var connection = SqliteSession.Connect(path, SqliteOpenMode.ReadWrite);
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle!, "main") == 1)
            throw new DatabaseUnusableException(SqliteFault.NoRights(path));
        await Migrator.RefuseNewerAsync(connection, SqlDialect.Sqlite, migrations, path, ct);
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (SELECT count(*) FROM sqlite_master) > 0 "
            + "AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_version')";
        if (Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) != 0)
            throw new DatabaseUnusableException(
                $"The database {path} belongs to another program: set AMS_DATABASE to another path. Nothing was changed."
            );
    }
}
