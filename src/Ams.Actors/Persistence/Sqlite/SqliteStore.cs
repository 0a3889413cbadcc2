using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>Everything that stands on one SQLite file.</summary>
internal sealed class SqliteStore : IStore
{
    private readonly SqliteDatabase _database;
    private readonly GroupCommit _commits;

    private SqliteStore(SqliteDatabase database, string incarnation, ILoggerFactory loggers)
    {
        _database = database;
        _commits = new GroupCommit(new SqliteJournalStore(database, loggers.CreateLogger<SqliteJournalStore>()));
        Journal = new SqliteJournal(database, _commits);
        ReadJournal = new SqliteReadJournal(database, incarnation);
    }

    /// <summary>For the control plane.</summary>
    public IDatabase Database => _database;

    /// <summary>The write side of the logs.</summary>
    public IJournal Journal { get; }

    /// <summary>The read side of the logs.</summary>
    public IReadJournal ReadJournal { get; }

    /// <summary>Opens the file, creating it and its directory, and brings its schema forward: the journal's, then <paramref name="extraMigrations"/>.</summary>
    /// <exception cref="DatabaseUnusableException">It can't be used; the message says why and what to do. Nothing was changed.</exception>
    public static async Task<SqliteStore> OpenAsync(
        string path,
        IReadOnlyList<Migration> extraMigrations,
        TimeProvider time,
        IIdGenerator ids,
        ILoggerFactory loggers,
        CancellationToken ct
    )
    {
        var database = await SqliteDatabase.OpenAsync(path, [.. JournalSchema.Migrations, .. extraMigrations], time, loggers, ct);
        try
        {
            var incarnation = await SqliteIncarnation.EnsureAsync(database, ids, ct);
            return new SqliteStore(database, incarnation, loggers);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits what was accepted, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync();
        await _database.DisposeAsync();
    }
}
