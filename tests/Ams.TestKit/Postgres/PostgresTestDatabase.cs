using Ams.Actors.Storage;
using Ams.Actors.Storage.Postgres;
using Ams.ControlPlane.Storage;
using Ams.TestKit.ControlPlane;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.TestKit.Postgres;

/// <summary>A database of the shared cluster.</summary>
public sealed class PostgresTestDatabase : TestDatabase
{
    private readonly string _url;
    private readonly PostgresDatabase _database;

    private PostgresTestDatabase(string url, PostgresDatabase database)
    {
        _url = url;
        _database = database;
    }

    internal override IDatabase Database => _database;

    /// <summary>Makes one.</summary>
    public static async Task<TestDatabase> OpenAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var url = await cluster.CreateDatabaseAsync();
        var database = await PostgresDatabase.OpenAsync(
            new PostgresStoreOptions(PostgresUrl.Parse(url)),
            ControlPlaneMigrations.All,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            CancellationToken.None
        );
        return new PostgresTestDatabase(url, database);
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        var cluster = await PostgresCluster.SharedAsync();
        await cluster.DropDatabaseAsync(_url);
    }
}
