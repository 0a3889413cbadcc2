using Ams.Actors.Persistence;
using Ams.Actors.Persistence.Sqlite;
using Ams.Actors.Storage;
using Ams.TestKit.Persistence;

namespace Ams.Actors.Tests.Persistence;

public sealed class SqliteBackupTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Live => _directory.File("ams.db");

    private string Saved => _directory.File("saved.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_backup_made_under_load_is_a_dense_log_up_to_one_moment()
    {
        await using var store = await SqliteStores.OpenAsync(Live);
        await CommitAsync(store, Logs.Messages("chn_a", 0, 500));
        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            var head = 500L;
            for (; !enough.IsCancellationRequested; head += 10)
                await CommitAsync(store, Logs.Messages("chn_a", head, 10));
            return head;
        });

        SqliteBackup.Backup(Live, Saved);
        await enough.CancelAsync();
        var headAfter = await load;

        await using var copy = await SqliteStores.OpenAsync(Saved);
        var head = (await copy.Journal.RecoverAsync("chn_a", default)).Head;
        head.ShouldBeInRange(500, headAfter);
        var events = 0;
        await foreach (var page in copy.ReadJournal.CurrentEventsByPersistenceId("chn_a", 0, head, default))
            events += page.Count;
        events.ShouldBe((int)head);
    }

    [Fact]
    public async Task After_a_restore_every_log_has_a_new_id_and_the_events_of_the_backup()
    {
        var before = await MakeAndBackUpAsync();

        var aside = await RestoreAsync(replace: true);

        await using var old = await SqliteStores.OpenAsync(aside.ShouldNotBeNull());
        var kept = await old.ReadJournal.HeadAsync("chn_a", default);
        (kept.Head, kept.LogId).ShouldBe((5, before.LogId));
        await using var restored = await SqliteStores.OpenAsync(Live);
        var after = await restored.ReadJournal.HeadAsync("chn_a", default);
        after.Head.ShouldBe(3);
        after.LogId.ShouldNotBe(before.LogId);
    }

    [Fact]
    public async Task A_database_that_is_there_is_not_overwritten_without_saying_so()
    {
        var before = await MakeAndBackUpAsync();

        (await RefusedAsync(replace: false)).ShouldContain("already");

        await using var store = await SqliteStores.OpenAsync(Live);
        var head = await store.ReadJournal.HeadAsync("chn_a", default);
        (head.Head, head.LogId).ShouldBe((5, before.LogId));
    }

    [Fact]
    public async Task A_database_that_a_server_runs_on_is_never_overwritten()
    {
        await MakeAndBackUpAsync();
        await using var store = await SqliteStores.OpenAsync(Live);

        (await RefusedAsync(replace: true)).ShouldContain("in use");

        (await store.Journal.RecoverAsync("chn_a", default)).Head.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_no_backup_is_not_restored()
    {
        await MakeAndBackUpAsync();
        await File.WriteAllTextAsync(Saved, "something else, and long enough to be taken for more than an empty file");

        (await RefusedAsync(replace: true)).ShouldContain("is not an SQLite database");

        File.Delete(Saved);
        (await RefusedAsync(replace: true)).ShouldContain("There is no file");
    }

    [Fact]
    public async Task A_backup_overwrites_no_file()
    {
        await MakeAndBackUpAsync();

        Should.Throw<DatabaseUnusableException>(() => SqliteBackup.Backup(Live, Saved)).Message.ShouldContain(Saved);
    }

    [Fact]
    public void A_database_that_is_not_there_is_not_backed_up() =>
        Should.Throw<DatabaseUnusableException>(() => SqliteBackup.Backup(Live, Saved)).Message.ShouldContain(Live);

    // Three events, a backup, two more.
    private async Task<Ams.Actors.Query.LogHead> MakeAndBackUpAsync()
    {
        await using var store = await SqliteStores.OpenAsync(Live);
        await CommitAsync(store, Logs.Messages("chn_a", 0, 3));
        SqliteBackup.Backup(Live, Saved);
        await CommitAsync(store, Logs.Messages("chn_a", 3, 2));
        return await store.ReadJournal.HeadAsync("chn_a", default);
    }

    private Task<string?> RestoreAsync(bool replace) =>
        SqliteBackup.RestoreAsync(
            Saved,
            Live,
            replace,
            JournalSchema.Migrations,
            SqliteStores.Ids(),
            TimeProvider.System,
            default
        );

    private async Task<string> RefusedAsync(bool replace) =>
        (await Should.ThrowAsync<DatabaseUnusableException>(() => RestoreAsync(replace))).Message;

    private static async Task CommitAsync(SqliteStore store, AppendBatch batch) =>
        (await store.Journal.AppendAsync(batch)).ShouldBe(AppendStatus.Committed);
}
