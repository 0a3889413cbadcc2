using System.Text;
using Ams.Actors.Persistence;
using Ams.Actors.Storage;
using Ams.Contracts;
using Ams.TestKit.Persistence;
using Npgsql;

namespace Ams.Actors.Tests.Persistence;

/// <summary>A database that can't be used is refused in one line that names it, without its password.</summary>
public sealed class PostgresOpeningTests : IAsyncLifetime
{
    private PostgresStores _stores = null!;

    public async Task InitializeAsync() => _stores = await PostgresStores.CreateAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Theory]
    [InlineData("postgres://ams:wr0ng@127.0.0.1:{port}/{name}", "user or the password")]
    [InlineData("postgres://ams:ams%20p%40ss%2Fword@127.0.0.1:{port}/absent", "does not exist")]
    [InlineData("postgres://ams:ams%20p%40ss%2Fword@127.0.0.1:1/{name}", "can't be opened")]
    [InlineData("postgres://ams:ams%20p%40ss%2Fword@127.0.0.1:{port}/{name}?sslmode=require", "can't be opened")]
    public async Task A_server_that_can_not_be_used_is_refused(string url, string why)
    {
        var real = new Uri(_stores.Url);
        url = url.Replace("{port}", $"{real.Port}", StringComparison.Ordinal)
            .Replace("{name}", _stores.Name, StringComparison.Ordinal);

        var line = await RefusedAsync(url);

        line.ShouldContain(why);
        line.ShouldContain($"@127.0.0.1:{new Uri(url).Port}/");
        line.ShouldNotContain("wr0ng");
        line.ShouldNotContain("p@ss");
    }

    [Fact]
    public async Task A_database_that_acknowledges_before_the_disk_has_it_is_refused()
    {
        await _stores.ExecuteAsync($"ALTER DATABASE {_stores.Name} SET synchronous_commit = off");

        (await RefusedAsync(_stores.Url)).ShouldContain("synchronous_commit");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await _stores.ExecuteAsync("CREATE TABLE theirs (id integer)");

        (await RefusedAsync(_stores.Url)).ShouldContain("another program");
    }

    [Theory]
    [InlineData("journal", 1000)]
    [InlineData("of_the_future", 1)]
    public async Task A_newer_schema_is_refused(string component, int version)
    {
        await (await _stores.OpenAsync()).DisposeAsync();
        await _stores.ExecuteAsync($"INSERT INTO schema_version VALUES ('{component}', {version}, 'later', '')");

        (await RefusedAsync(_stores.Url)).ShouldContain("newer version of AMS");
    }

    [Fact]
    public async Task Processes_that_migrate_at_once_take_turns()
    {
        var steps = Enumerable
            .Range(1, 20)
            .Select(i => new Migration("c", i, $"step {i}", "", $"CREATE TABLE t{i} (id integer)"))
            .ToArray();

        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _stores.OpenAsync(steps)));

        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Theory]
    [InlineData("postgres://host")]
    [InlineData("postgres://host/a/b")]
    [InlineData("mysql://host/db")]
    [InlineData("postgres://u:s3cret@host/db?sslmode=on")]
    [InlineData("postgres://u:s3cret@host/db?unknown=1")]
    public void A_url_that_can_not_be_used_is_refused_without_its_password(string text) =>
        Should.Throw<FormatException>(() => PostgresUrl.Parse(text)).Message.ShouldNotContain("s3cret");

    [Fact]
    public void Every_tls_parameter_of_a_url_is_used()
    {
        var settings = PostgresUrl
            .Parse(
                "postgresql://u%40x:p%2Fw@[::1]:6000/my%20db?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem"
            )
            .Settings;

        (settings.Host, settings.Port, settings.Database).ShouldBe(("::1", 6000, "my db"));
        (settings.Username, settings.Password).ShouldBe(("u@x", "p/w"));
        settings.SslMode.ShouldBe(SslMode.VerifyFull);
        (settings.RootCertificate, settings.SslCertificate, settings.SslKey).ShouldBe(("/ca.pem", "/c.pem", "/k.pem"));
    }

    [Fact]
    public async Task Erased_content_is_in_no_live_row()
    {
        await using var store = await _stores.OpenAsync();
        var large = string.Concat(Enumerable.Repeat("CANARY-", 2000));
        await CommitAsync(store.Journal, Logs.Batch("chn_a", 0, Logs.Message(1, text: large), Logs.Message(2, text: "stays")));

        await CommitAsync(
            store.Journal,
            Logs.Batch("chn_a", 2, Logs.About(3, EventTypes.MessageDeleted, 1)) with
            {
                Messages = [new MessageWrite(1, Deleted: true, Logs.Json(1, ""))],
                Rewrites = [new EventRewrite(1, Logs.Json(1, ""))],
            }
        );

        await _stores.ExecuteAsync(
            $"""
            DO $$ BEGIN
                IF EXISTS (SELECT 1 FROM journal WHERE position('{Hex("CANARY")}'::bytea IN body) > 0)
                    OR EXISTS (SELECT 1 FROM journal_message WHERE position('{Hex("CANARY")}'::bytea IN body) > 0)
                    OR NOT EXISTS (SELECT 1 FROM journal WHERE position('{Hex("stays")}'::bytea IN body) > 0)
                THEN RAISE 'found'; END IF;
            END $$
            """
        );
    }

    private static string Hex(string text) => "\\x" + Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static async Task CommitAsync(IJournal journal, AppendBatch batch) =>
        (await journal.AppendAsync(batch)).ShouldBe(AppendStatus.Committed);

    private static async Task<string> RefusedAsync(string url)
    {
        var refused = await Should.ThrowAsync<DatabaseUnusableException>(async () =>
            await (await PostgresStores.OpenAsync(new PostgresStoreOptions(PostgresUrl.Parse(url)))).DisposeAsync()
        );
        refused.Message.ShouldNotContain("\n");
        return refused.Message;
    }
}
