using System.Data.Common;
using System.Globalization;
using Ams.Actors.Persistence;
using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Ams.TestKit.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ams.Actors.Tests.Persistence;

/// <summary>A database that can't be used is refused in one line that names it, and left as it was.</summary>
public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string FilePath => _directory.File("ams.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_directory_is_created_when_it_is_absent()
    {
        var path = _directory.File("some/where/ams.db");

        await using var store = await SqliteStores.OpenAsync(path);

        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_untouched()
    {
        var bytes = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        await File.WriteAllBytesAsync(FilePath, bytes);

        var line = await RefusedAsync();

        line.ShouldContain("is not an SQLite database");
        (await File.ReadAllBytesAsync(FilePath)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await (await SqliteStores.OpenAsync(FilePath)).DisposeAsync();
        await using (var file = File.OpenWrite(FilePath))
        {
            file.Position = 100;
            file.Write(new byte[2000]);
        }

        (await RefusedAsync()).ShouldContain("damaged");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_untouched()
    {
        await ExecuteAsync("CREATE TABLE theirs (id integer)");
        var before = await File.ReadAllBytesAsync(FilePath);

        (await RefusedAsync()).ShouldContain("another program");

        (await File.ReadAllBytesAsync(FilePath)).ShouldBe(before);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        await File.WriteAllTextAsync(_directory.File("file"), "");

        (await RefusedAsync(_directory.File("file/ams.db"))).ShouldContain("give the server's user both rights");
    }

    [Fact]
    public async Task A_directory_in_place_of_the_file_is_refused()
    {
        Directory.CreateDirectory(FilePath);

        await RefusedAsync();
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_is_refused_while_the_first_runs()
    {
        var first = await SqliteStores.OpenAsync(FilePath);

        (await RefusedAsync()).ShouldContain("in use by another server");

        await first.DisposeAsync();
        await (await SqliteStores.OpenAsync(FilePath)).DisposeAsync();
    }

    [Theory]
    [InlineData("journal", 1000)]
    [InlineData("of_the_future", 1)]
    public async Task A_newer_schema_is_refused_and_untouched(string component, int version)
    {
        await (await SqliteStores.OpenAsync(FilePath)).DisposeAsync();
        await ExecuteAsync($"INSERT INTO schema_version VALUES ('{component}', {version}, 'later', '')");
        var before = await File.ReadAllBytesAsync(FilePath);

        var line = await RefusedAsync();

        line.ShouldContain("newer version of AMS");
        line.ShouldContain(component);
        (await File.ReadAllBytesAsync(FilePath)).ShouldBe(before);
    }

    [Fact]
    public async Task Steps_run_once_and_later_ones_follow()
    {
        var first = new Migration("control_plane", 1, "one", "CREATE TABLE one (id integer)", "");
        var second = new Migration("control_plane", 2, "two", "INSERT INTO one VALUES (2)", "");

        await (await SqliteStores.OpenAsync(FilePath, first)).DisposeAsync();
        await (await SqliteStores.OpenAsync(FilePath, first, second)).DisposeAsync();
        await (await SqliteStores.OpenAsync(FilePath, first, second)).DisposeAsync();

        (await ScalarAsync("SELECT count(*) FROM one")).ShouldBe(1);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_itself_and_all_of_those_before()
    {
        var first = new Migration("control_plane", 1, "one", "CREATE TABLE one (id integer)", "");
        var broken = new Migration("control_plane", 2, "two", "CREATE TABLE two (id integer); CREATE TABLE one (id integer)", "");
        var mended = broken with { Sqlite = "CREATE TABLE two (id integer)" };

        await Should.ThrowAsync<SqliteException>(() => SqliteStores.OpenAsync(FilePath, first, broken));
        (await ScalarAsync("SELECT count(*) FROM sqlite_master WHERE name IN ('one', 'two')")).ShouldBe(1);

        await (await SqliteStores.OpenAsync(FilePath, first, mended)).DisposeAsync();
        (await ScalarAsync("SELECT count(*) FROM sqlite_master WHERE name IN ('one', 'two')")).ShouldBe(2);
    }

    [Fact]
    public async Task Processes_that_migrate_at_once_take_turns()
    {
        var steps = Enumerable
            .Range(1, 20)
            .Select(i => new Migration("c", i, $"step {i}", $"CREATE TABLE t{i} (id integer)", ""))
            .ToArray();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        using var session = SqliteSession.OpenWriter(FilePath);
                        await Migrator.ApplyAsync(
                            session.Connection,
                            SqlDialect.Sqlite,
                            steps,
                            FilePath,
                            SqliteStores.Time,
                            NullLogger.Instance,
                            default
                        );
                    })
                )
        );

        (await ScalarAsync("SELECT count(*) FROM schema_version")).ShouldBe(20);
    }

    [Fact]
    public async Task After_the_close_everything_is_unavailable_and_nothing_hangs()
    {
        var store = await SqliteStores.OpenAsync(FilePath);
        await store.DisposeAsync();

        (await store.Journal.AppendAsync(Logs.Messages("chn_a", 0, 1))).ShouldBe(AppendStatus.Unavailable);
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.Journal.RecoverAsync("chn_a", default));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.Database.WriteAsync(_ => Task.FromResult(1), default));
    }

    private async Task<string> RefusedAsync(string? path = null)
    {
        var refused = await Should.ThrowAsync<DatabaseUnusableException>(() => SqliteStores.OpenAsync(path ?? FilePath));
        refused.Message.ShouldContain(path ?? FilePath);
        refused.Message.ShouldNotContain("\n");
        return refused.Message;
    }

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<long> ScalarAsync(string sql)
    {
        await using DbConnection connection = SqliteSession.Connect(FilePath, SqliteOpenMode.ReadWriteCreate);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
