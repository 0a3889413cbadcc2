using Ams.Actors.Persistence;
using Ams.Actors.Persistence.Postgres;
using Ams.Actors.Persistence.Sqlite;
using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Storage;

/// <summary>The store of a host, opened when the host says so: nothing touches a disk or a network before.</summary>
public sealed class AmsStore : IAsyncDisposable
{
    private readonly StoreOptions _options;
    private readonly IReadOnlyList<Migration> _extraMigrations;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly ILoggerFactory _loggers;
    private IStore? _store;

    internal AmsStore(
        StoreOptions options,
        IEnumerable<Migration> extraMigrations,
        TimeProvider time,
        IIdGenerator ids,
        ILoggerFactory loggers
    ) => (_options, _extraMigrations, _time, _ids, _loggers) = (options, [.. extraMigrations], time, ids, loggers);

    /// <summary>True from <see cref="OpenAsync"/> on.</summary>
    public bool IsOpen => _store is not null;

    // A PostgreSQL database is copied with PostgreSQL's own tools, which see it whole.
    private string SqlitePath =>
        (_options as SqliteStoreOptions)?.Path
        ?? throw new DatabaseUnusableException(
            "A PostgreSQL database is backed up and restored with PostgreSQL's own tools: pg_dump or pg_basebackup. Nothing was changed."
        );

    internal IStore Opened =>
        _store ?? throw new InvalidOperationException("The store was used before the host opened it: a bug.");

    /// <summary>Opens the store, creating it if need be, and brings its schema forward. Once, before anything that needs it is resolved.</summary>
    /// <exception cref="DatabaseUnusableException">It can't be used; the message is one line that says why and what to do. Nothing was changed.</exception>
    public async Task OpenAsync(CancellationToken ct) =>
        _store = _options switch
        {
            SqliteStoreOptions sqlite => await SqliteStore.OpenAsync(sqlite.Path, _extraMigrations, _time, _ids, _loggers, ct),
            PostgresStoreOptions postgres => await PostgresStore.OpenAsync(postgres, _extraMigrations, _time, _ids, _loggers, ct),
            _ => throw new InvalidOperationException($"There is no store for {_options.GetType()}."),
        };

    /// <summary>Copies the store as it stands at one moment into a new file. Whoever runs on it goes on meanwhile; it need not be open here.</summary>
    /// <param name="file">Absolute; it must not exist.</param>
    /// <exception cref="DatabaseUnusableException">The store or the file can't be used; the message says why and what to do.</exception>
    public void Backup(string file) => SqliteBackup.Backup(SqlitePath, file);

    /// <summary>Puts a backup in the store's place. Every log then has a new <c>log_id</c>.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="replace">A store that is there already is moved aside; without it that is refused.</param>
    /// <returns>Where the store that was there is now; null when there was none.</returns>
    /// <exception cref="DatabaseUnusableException">A server runs on it, it is there already, or the file is no whole backup. Nothing was changed.</exception>
    public Task<string?> RestoreAsync(string file, bool replace, CancellationToken ct) =>
        SqliteBackup.RestoreAsync(file, SqlitePath, replace, [.. JournalSchema.Migrations, .. _extraMigrations], _ids, _time, ct);

    /// <summary>Commits what was accepted, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _store, null) is { } store)
            await store.DisposeAsync();
    }
}

/// <summary>Adds a store to a host.</summary>
public static class StoreServices
{
    /// <summary>Adds <see cref="AmsStore"/> and what stands on it: <see cref="IJournal"/>, <see cref="IReadJournal"/> and the database of the control
    /// plane. The host opens it.</summary>
    public static IServiceCollection AddAmsStore(this IServiceCollection services, StoreOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdGenerator, UlidIdGenerator>();
        return services
            .AddSingleton(provider => new AmsStore(
                options,
                provider.GetServices<Migration>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IIdGenerator>(),
                provider.GetRequiredService<ILoggerFactory>()
            ))
            .AddSingleton(provider => provider.GetRequiredService<AmsStore>().Opened.Database)
            .AddSingleton(provider => provider.GetRequiredService<AmsStore>().Opened.Journal)
            .AddSingleton(provider => provider.GetRequiredService<AmsStore>().Opened.ReadJournal);
    }
}
