using System.Data.Common;
using System.Globalization;
using Ams.Actors.Storage;
using Shouldly;
using Xunit;

namespace Ams.TestKit.Persistence;

/// <summary>What every database promises to the control plane. A store's test class inherits it.</summary>
public abstract class DatabaseContract : IAsyncLifetime
{
    private IAsyncDisposable _opened = null!;

    /// <summary>Opens the database: an <c>IDatabase</c> with an empty table <c>item (id integer PRIMARY KEY, name text NOT NULL UNIQUE)</c>.</summary>
    protected abstract Task<IAsyncDisposable> OpenAsync();

    private IDatabase Database => (IDatabase)_opened;

    public async Task InitializeAsync() => _opened = await OpenAsync();

    public virtual async Task DisposeAsync() => await _opened.DisposeAsync();

    [Fact]
    public async Task A_read_sees_what_was_written_before_it()
    {
        for (var i = 1; i <= 20; i++)
        {
            await InsertAsync($"item {i}");
            (await CountAsync()).ShouldBe(i);
        }
    }

    [Fact]
    public async Task Work_that_throws_is_rolled_back_and_its_exception_is_the_callers()
    {
        var thrown = await Should.ThrowAsync<InvalidOperationException>(() =>
            Database.WriteAsync<int>(
                async transaction =>
                {
                    await ExecuteAsync(transaction, "INSERT INTO item (name) VALUES ('gone')");
                    throw new InvalidOperationException("mine");
                },
                default
            )
        );

        thrown.Message.ShouldBe("mine");
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_broken_constraint_is_the_callers_and_writes_go_on()
    {
        await InsertAsync("a");

        await Should.ThrowAsync<DbException>(() => InsertAsync("a"));

        await InsertAsync("b");
        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Wrong_sql_is_the_callers_and_the_database_goes_on()
    {
        await Should.ThrowAsync<DbException>(() =>
            Database.ReadAsync(c => ScalarAsync(c, "SELECT nothing FROM nowhere"), default)
        );
        await Should.ThrowAsync<DbException>(() =>
            Database.WriteAsync(t => ExecuteAsync(t, "UPDATE nowhere SET x = 1"), default)
        );

        await InsertAsync("a");
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Transactions_that_come_at_once_all_take_place()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => InsertAsync($"item {i}")));

        (await CountAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task More_reads_at_once_than_there_are_connections_all_take_place()
    {
        await InsertAsync("a");

        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(_ =>
                    Database.ReadAsync(
                        async connection =>
                        {
                            await Task.Yield();
                            return await ScalarAsync(connection, "SELECT count(*) FROM item");
                        },
                        default
                    )
                )
        );

        counts.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task A_write_that_was_cancelled_before_it_began_writes_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Database.WriteAsync(
                t => ExecuteAsync(t, "INSERT INTO item (name) VALUES ('a')"),
                new CancellationToken(canceled: true)
            )
        );

        (await CountAsync()).ShouldBe(0);
    }

    private Task<int> InsertAsync(string name) =>
        Database.WriteAsync(t => ExecuteAsync(t, $"INSERT INTO item (name) VALUES ('{name}')"), default);

    private Task<long> CountAsync() => Database.ReadAsync(c => ScalarAsync(c, "SELECT count(*) FROM item"), default);

    private static async Task<int> ExecuteAsync(DbTransaction transaction, string sql)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> ScalarAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
