using System.Data;
using System.Data.Common;
using System.Globalization;
using Ams.Actors.Persistence;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ams.Actors.Storage.Postgres;

/// <summary>A PostgreSQL database: a bounded pool for queries and the control plane's transactions, and one for appends.</summary>
/// <remarks>Statements of the first are limited by the server. An append and a COMMIT are not: a statement that is cancelled while its commit waits for a
/// standby reports success though only this server has it. So their answers are waited for that long and no longer, and their connection is given up.</remarks>
internal sealed class PostgresDatabase : IDatabase, IAsyncDisposable
{
    private const int AttemptsMax = 4;

    // So that a server whose client is gone ends what it was doing for it, and the locks that it held.
    private static readonly TimeSpan ClientCheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _queries;
    private readonly TimeProvider _time;

    private PostgresDatabase(PostgresStoreOptions options, TimeProvider time)
    {
        Options = options;
        _time = time;
        _queries = Pool(options, options.QueryConnectionsMax, options.StatementTimeout);
        // As many again as there are writers, for connections that were given up and have not ended yet.
        Appends = Pool(options, 2 * options.Writers, statementTimeout: null);
    }

    public SqlDialect Dialect => SqlDialect.Postgres;

    /// <summary>How it was opened.</summary>
    public PostgresStoreOptions Options { get; }

    /// <summary>The server, as it was when the database was opened.</summary>
    public PostgresServer Server { get; private set; } = null!;

    /// <summary>The connections of the journal's writers: no limit on the server's side.</summary>
    public NpgsqlDataSource Appends { get; }

    /// <summary>Connects, checks the server and brings the schema forward. Several nodes may do so at once.</summary>
    /// <param name="migrations">The steps of every component, in the order in which they are to run.</param>
    /// <exception cref="DatabaseUnusableException">It can't be used; the message says why and what to do. Nothing was changed.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        PostgresStoreOptions options,
        IReadOnlyList<Migration> migrations,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken ct
    )
    {
        var database = new PostgresDatabase(options, time);
        try
        {
            await using var connection = await database.Appends.OpenConnectionAsync(ct);
            database.Server = await PostgresServer.CheckAsync(connection, options.Url, ct);
            await RefuseOthersAsync(connection, options.Url, ct);
            await Migrator.ApplyAsync(
                connection,
                SqlDialect.Postgres,
                migrations,
                options.Url.ToString(),
                time,
                loggers.CreateLogger<PostgresDatabase>(),
                ct
            );
            return database;
        }
        catch (Exception failure)
        {
            await database.DisposeAsync();
            var unusable =
                PostgresFault.IsStoreFault(failure)
                || failure is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };
            if (unusable)
                throw PostgresFault.Unusable(options.Url, failure);
            throw;
        }
    }

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct) =>
        QueryAsync<T>(connection => work(connection), ct);

    /// <summary>As <see cref="ReadAsync"/>, with the connection as it is.</summary>
    public async Task<T> QueryAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _queries.OpenConnectionAsync(ct);
                return await work(connection);
            }
            catch (Exception failure) when (PostgresFault.IsStoreFault(failure))
            {
                if (!WasStale(failure, attempt))
                    throw PostgresFault.Unavailable(Options.Url, failure);
            }
        }
    }

    // Work that lost against another transaction, or met a dead connection, is run again: nothing of it is there.
    public async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TransactAsync(work, ct);
            }
            catch (Exception failure) when (PostgresFault.IsStoreFault(failure))
            {
                var again = PostgresFault.MayBeRunAgain(failure) ? attempt < AttemptsMax : WasStale(failure, attempt);
                if (!again)
                    throw PostgresFault.Unavailable(Options.Url, failure);
            }
        }
    }

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queries.DisposeAsync();
        await Appends.DisposeAsync();
    }

    private async Task<T> TransactAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct)
    {
        var connection = await _queries.OpenConnectionAsync(ct);
        var commit = Task.CompletedTask;
        try
        {
            // Rules that look at several rows lock one first (ControlPlaneStore), so a statement sees what was committed before it.
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
            var result = await work(transaction);
            commit = CommitAsync(connection, transaction);
            await AwaitCommitAsync(commit);
            return result;
        }
        finally
        {
            // Closing rolls back what was not committed.
            if (commit.IsCompleted)
                await connection.DisposeAsync();
            else
                _ = GiveUpAsync(connection, commit);
        }
    }

    // NpgsqlTransaction.CommitAsync would cancel a COMMIT that takes longer than a statement may.
    private static async Task CommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await using var command = new NpgsqlCommand("COMMIT", connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task AwaitCommitAsync(Task commit)
    {
        try
        {
            await commit.WaitAsync(Options.AppendTimeout, _time);
        }
        catch (Exception failure) when (PostgresFault.IsStoreFault(failure) && !PostgresFault.IsRolledBack(failure))
        {
            throw PostgresFault.Unknown(Options.Url, failure);
        }
    }

    /// <summary>Closes a connection whose answer is not waited for any more, once the answer comes or the network gives it up. Until then it takes a
    /// place of the pool, which bounds how many there can be.</summary>
    public static async Task GiveUpAsync(NpgsqlConnection connection, Task answer)
    {
        await answer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    // A server that was restarted leaves dead connections in the pool: the first failure drops them all, and is no answer of the new one.
    private bool WasStale(Exception failure, int attempt)
    {
        if (!PostgresFault.IsBroken(failure))
            return false;
        _queries.Clear();
        return attempt == 1;
    }

    private static async Task RefuseOthersAsync(NpgsqlConnection connection, PostgresUrl url, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p', 'v', 'm', 'S') "
                + "AND to_regclass('schema_version') IS NULL",
            connection
        );
        if (Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0)
            throw new DatabaseUnusableException(
                $"The database {url} belongs to another program: set AMS_DATABASE to one of its own. Nothing was changed."
            );
    }

    private static NpgsqlDataSource Pool(PostgresStoreOptions options, int connectionsMax, TimeSpan? statementTimeout)
    {
        var settings = options.Url.Settings;
        settings.MaxPoolSize = connectionsMax;
        settings.Timeout = Seconds(options.ConnectTimeout);
        settings.KeepAlive = 0;
        settings.TcpKeepAlive = true;
        // Nothing changes a session, so nothing needs to be reset.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        // What the server says about values may hold content; it is not to get into an exception.
        settings.IncludeErrorDetail = false;
        settings.CommandTimeout = statementTimeout is { } limit ? Seconds(limit + AnswerGrace) : 0;
        // Every query here is meant for an index, and a prepared plan made while the tables were small must not outlive that.
        settings.Options = string.Create(
            CultureInfo.InvariantCulture,
            $"-c statement_timeout={Milliseconds(statementTimeout)} -c idle_in_transaction_session_timeout={Milliseconds(statementTimeout * 2)} "
                + $"-c client_connection_check_interval={Milliseconds(ClientCheck)} -c enable_seqscan=off -c jit=off"
        );
        return NpgsqlDataSource.Create(settings);
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static long Milliseconds(TimeSpan? time) => (long)(time?.TotalMilliseconds ?? 0);
}
