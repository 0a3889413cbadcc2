using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Ams.Actors.Storage;
using Ams.Actors.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>Everything that stands on one PostgreSQL database.</summary>
internal sealed class PostgresStore : IStore
{
    private readonly PostgresDatabase _database;
    private readonly ShardTerms _terms;
    private readonly GroupCommit[] _commits;
    private readonly ILogger _logger;

    private PostgresStore(
        PostgresDatabase database,
        string incarnation,
        ShardTerms terms,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        _database = database;
        _terms = terms;
        _logger = loggers.CreateLogger<PostgresStore>();
        var store = new PostgresJournalStore(database, terms, time, loggers.CreateLogger<PostgresJournalStore>());
        _commits = [.. Enumerable.Range(0, database.Options.Writers).Select(_ => new GroupCommit(store))];
        Journal = new PostgresJournal(database, terms.Shards, _commits);
        ReadJournal = new PostgresReadJournal(database, incarnation);
    }

    public IDatabase Database => _database;

    public IJournal Journal { get; }

    public IReadJournal ReadJournal { get; }

    /// <summary>Connects, brings the schema forward (the journal's, then <paramref name="extraMigrations"/>) and takes every shard.</summary>
    /// <exception cref="DatabaseUnusableException">It can't be used; the message says why and what to do.</exception>
    public static async Task<PostgresStore> OpenAsync(
        PostgresStoreOptions options,
        IReadOnlyList<Migration> extraMigrations,
        TimeProvider time,
        IIdGenerator ids,
        ILoggerFactory loggers,
        CancellationToken ct
    )
    {
        var database = await PostgresDatabase.OpenAsync(
            options,
            [.. JournalSchema.Migrations, .. extraMigrations],
            time,
            loggers,
            ct
        );
        try
        {
            var incarnation = await PostgresOwnership.EnsureStoreAsync(database, ids, ct);
            var terms = await PostgresOwnership.TakeAllAsync(database, ids, ct);
            return new PostgresStore(database, incarnation, terms, time, loggers);
        }
        catch (StoreUnavailableException failure)
        {
            await database.DisposeAsync();
            throw PostgresFault.Unusable(options.Url, failure.InnerException ?? failure);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits what was accepted, tells that the node left, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_commits.Select(c => c.DisposeAsync().AsTask()));
        try
        {
            await PostgresOwnership.LeaveAsync(_database, _terms.Incarnation, CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            // Nothing depends on it: whoever starts next takes the shards either way.
            _logger.WriteFailed(_database.Options.Url.ToString(), failure.Message);
        }
        await _database.DisposeAsync();
    }
}
