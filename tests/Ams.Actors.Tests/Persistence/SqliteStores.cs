using Ams.Actors.Persistence.Sqlite;
using Ams.Actors.Storage;
using Ams.TestKit;
using Ams.TestKit.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Ams.Actors.Tests.Persistence;

/// <summary>Opens SQLite stores for tests.</summary>
internal static class SqliteStores
{
    public static readonly FakeTimeProvider Time = new(Logs.Start);

    private static int _seed;

    public static SeededIdGenerator Ids() => new(Interlocked.Increment(ref _seed), Time);

    public static Task<SqliteStore> OpenAsync(string path, params Migration[] migrations) =>
        SqliteStore.OpenAsync(path, migrations, Time, Ids(), NullLoggerFactory.Instance, default);

    public static async Task<StoreUnderTest> OpenForContractAsync(string path)
    {
        var store = await OpenAsync(path);
        return new StoreUnderTest(store.Journal, store.ReadJournal, store.DisposeAsync);
    }
}
