using System.Data.Common;
using System.Globalization;
using Ams.Contracts;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Storage;

/// <summary>Brings a database's schema forward, step by step, and refuses one that is newer than this program.</summary>
/// <remarks>Each step is one transaction that first looks where the schema stands, under the lock that serialises writers. So two processes that start at once
/// take turns, and a process that dies leaves whole steps only.</remarks>
internal static class Migrator
{
    /// <summary>Any fixed number: PostgreSQL's name for "somebody migrates".</summary>
    private const long AdvisoryLock = 0x414D5301;

    private const string CreateVersions =
        "CREATE TABLE IF NOT EXISTS schema_version (component text NOT NULL, version integer NOT NULL, name text NOT NULL, "
        + "applied_at text NOT NULL, PRIMARY KEY (component, version))";

    /// <summary>Throws when the schema knows a component or a step that this program does not. Writes nothing.</summary>
    /// <exception cref="DatabaseUnusableException">The schema is newer.</exception>
    public static async Task RefuseNewerAsync(
        DbConnection connection,
        SqlDialect dialect,
        IReadOnlyList<Migration> migrations,
        string database,
        CancellationToken ct
    )
    {
        if (!await HasVersionsAsync(connection, dialect, ct))
            return;
        foreach (var (component, version) in await VersionsAsync(connection, transaction: null, ct))
        {
            var known = migrations.Where(m => m.Component == component).Select(m => m.Version).DefaultIfEmpty(0).Max();
            if (version > known)
                throw new DatabaseUnusableException(
                    $"The database {database} was written by a newer version of AMS (schema {component} is at {version}, this program knows {known}): "
                        + "start that version, or restore a backup made by this one. Nothing was changed."
                );
        }
    }

    /// <summary>Applies what is missing, in the order of the list.</summary>
    /// <param name="migrations">Per component numbered 1, 2, 3 … without a gap.</param>
    /// <exception cref="DatabaseUnusableException">The schema is newer; nothing was changed.</exception>
    public static async Task ApplyAsync(
        DbConnection connection,
        SqlDialect dialect,
        IReadOnlyList<Migration> migrations,
        string database,
        TimeProvider time,
        ILogger logger,
        CancellationToken ct
    )
    {
        RefuseGaps(migrations);
        await RefuseNewerAsync(connection, dialect, migrations, database, ct);
        foreach (var migration in migrations)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (dialect == SqlDialect.Postgres)
                await ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", ct);
            await ExecuteAsync(transaction, CreateVersions, ct);
            var versions = await VersionsAsync(connection, transaction, ct);
            if (versions.GetValueOrDefault(migration.Component) >= migration.Version)
                continue;
            var sql = dialect == SqlDialect.Sqlite ? migration.Sqlite : migration.Postgres;
            if (sql.Length > 0)
                await ExecuteAsync(transaction, sql, ct);
            await RecordAsync(transaction, migration, time.GetUtcNow(), ct);
            await transaction.CommitAsync(ct);
            logger.Migrated(migration.Component, database, migration.Version, migration.Name);
        }
    }

    private static void RefuseGaps(IReadOnlyList<Migration> migrations)
    {
        foreach (var component in migrations.GroupBy(m => m.Component, StringComparer.Ordinal))
        {
            if (!component.Select(m => m.Version).SequenceEqual(Enumerable.Range(1, component.Count())))
                throw new ArgumentException(
                    $"The steps of {component.Key} are not numbered 1, 2, 3 … in order.",
                    nameof(migrations)
                );
        }
    }

    private static async Task<bool> HasVersionsAsync(DbConnection connection, SqlDialect dialect, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            dialect == SqlDialect.Sqlite
                ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
                : "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_version')";
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
    }

    private static async Task<Dictionary<string, int>> VersionsAsync(
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken ct
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT component, max(version) FROM schema_version GROUP BY component";
        await using var reader = await command.ExecuteReaderAsync(ct);
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            versions[reader.GetString(0)] = reader.GetInt32(1);
        return versions;
    }

    private static async Task RecordAsync(
        DbTransaction transaction,
        Migration migration,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "INSERT INTO schema_version (component, version, name, applied_at) VALUES (@component, @version, @name, @applied_at)";
        Add(command, "component", migration.Component);
        Add(command, "version", migration.Version);
        Add(command, "name", migration.Name);
        Add(command, "applied_at", Rfc3339.Format(now));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken ct)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
