using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Ams.TestKit.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.Actors.Tests.Persistence;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TempDirectory _directory = new();

    protected override Task<StoreUnderTest> OpenAsync() => SqliteStores.OpenForContractAsync(_directory.File("ams.db"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}

public sealed class SqliteReadJournalTests : ReadJournalContract
{
    private readonly TempDirectory _directory = new();

    protected override Task<StoreUnderTest> OpenAsync() => SqliteStores.OpenForContractAsync(_directory.File("ams.db"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}

public sealed class SqliteDatabaseTests : DatabaseContract
{
    private readonly TempDirectory _directory = new();

    protected override async Task<IAsyncDisposable> OpenAsync() =>
        await SqliteDatabase.OpenAsync(
            _directory.File("ams.db"),
            [new Migration("items", 1, "items", "CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL UNIQUE)", "")],
            SqliteStores.Time,
            NullLoggerFactory.Instance,
            default
        );

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
