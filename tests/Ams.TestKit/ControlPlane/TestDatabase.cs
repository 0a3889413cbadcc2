using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Ams.ControlPlane.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.TestKit.ControlPlane;

/// <summary>A fresh database with the control plane's schema, gone after the test.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    internal abstract IDatabase Database { get; }

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}

/// <summary>An SQLite file in the directory for temporary files.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly SqliteDatabase _database;
    private readonly DirectoryInfo _directory;

    private SqliteTestDatabase(SqliteDatabase database, DirectoryInfo directory)
    {
        _database = database;
        _directory = directory;
    }

    internal override IDatabase Database => _database;

    /// <summary>Makes one.</summary>
    public static async Task<TestDatabase> OpenAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ams-control-plane-");
        var database = await SqliteDatabase.OpenAsync(
            Path.Combine(directory.FullName, "ams.db"),
            ControlPlaneMigrations.All,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            CancellationToken.None
        );
        return new SqliteTestDatabase(database, directory);
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
