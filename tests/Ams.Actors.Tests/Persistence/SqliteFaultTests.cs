using Ams.Actors.Persistence;
using Ams.Actors.Persistence.Sqlite;
using Ams.TestKit.Persistence;

namespace Ams.Actors.Tests.Persistence;

/// <summary>A full store writes nothing, says so, goes on reading, and works again once there is room.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_store_refuses_appends_keeps_reading_and_recovers_by_itself()
    {
        await using var store = await SqliteStores.OpenAsync(_directory.File("ams.db"));
        await CommitAsync(store, Logs.Messages("chn_a", 0, 10));
        var large = new string('x', 900_000);
        await FillAsync(store, pagesLeft: 50);

        (await store.Journal.AppendAsync(Logs.Batch("chn_a", 10, Logs.Message(11, text: large)))).ShouldBe(
            AppendStatus.Unavailable
        );

        (await store.Journal.RecoverAsync("chn_a", default)).Head.ShouldBe(10);
        (await store.ReadJournal.ReadAsync("chn_a", 0, 100, 1 << 20, default)).Count.ShouldBe(10);
        await CommitAsync(store, Logs.Batch("chn_a", 10, Logs.Message(11, text: large)));
    }

    [Fact]
    public async Task A_full_store_is_unavailable_to_the_control_plane_and_recovers_by_itself()
    {
        await using var store = await SqliteStores.OpenAsync(_directory.File("ams.db"));
        await FillAsync(store, pagesLeft: 0);

        await Should.ThrowAsync<StoreUnavailableException>(() => WriteAsync(store));

        (await WriteAsync(store)).ShouldBe(0);
    }

    // The limit is the connection's; a failed write closes the connection, and the next one has room again, like a disk that was cleared.
    private static Task<int> FillAsync(SqliteStore store, int pagesLeft) =>
        store.Database.WriteAsync(
            async transaction =>
            {
                await using var command = transaction.Connection!.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "PRAGMA page_count";
                var pages = (long)(await command.ExecuteScalarAsync())!;
                command.CommandText = $"PRAGMA max_page_count = {pages + pagesLeft}";
                await command.ExecuteNonQueryAsync();
                return 0;
            },
            default
        );

    private static Task<int> WriteAsync(SqliteStore store) =>
        store.Database.WriteAsync(
            async transaction =>
            {
                await using var command = transaction.Connection!.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "CREATE TABLE IF NOT EXISTS large (bytes blob)";
                await command.ExecuteNonQueryAsync();
                return 0;
            },
            default
        );

    private static async Task CommitAsync(SqliteStore store, AppendBatch batch) =>
        (await store.Journal.AppendAsync(batch)).ShouldBe(AppendStatus.Committed);
}
