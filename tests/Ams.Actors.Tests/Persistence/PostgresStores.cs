using Ams.Actors.Persistence.Postgres;
using Ams.Actors.Storage;
using Ams.TestKit.Persistence;
using Ams.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.Actors.Tests.Persistence;

/// <summary>An empty database of the shared cluster, and stores on it.</summary>
internal sealed class PostgresStores : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;

    private PostgresStores(PostgresCluster cluster, string url)
    {
        _cluster = cluster;
        Url = url;
    }

    public string Url { get; }

    public string Name => new Uri(Url).AbsolutePath[1..];

    public PostgresStoreOptions Options => new(PostgresUrl.Parse(Url));

    public static async Task<PostgresStores> CreateAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        return new PostgresStores(cluster, await cluster.CreateDatabaseAsync());
    }

    public Task<PostgresStore> OpenAsync(params Migration[] migrations) => OpenAsync(Options, migrations);

    public static Task<PostgresStore> OpenAsync(PostgresStoreOptions options, params Migration[] migrations) =>
        PostgresStore.OpenAsync(options, migrations, SqliteStores.Time, SqliteStores.Ids(), NullLoggerFactory.Instance, default);

    public async Task<StoreUnderTest> OpenForContractAsync()
    {
        var store = await OpenAsync();
        return new StoreUnderTest(store.Journal, store.ReadJournal, store.DisposeAsync);
    }

    /// <summary>Runs SQL as the superuser, in this database.</summary>
    public Task ExecuteAsync(string sql) => _cluster.ExecuteAsync(sql, Name);

    public async ValueTask DisposeAsync() => await _cluster.DropDatabaseAsync(Url);
}
