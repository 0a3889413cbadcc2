using System.Globalization;
using Ams.Actors.Runtime;
using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>Backup of a database that may be in use, and restore into one that is not.</summary>
internal static class SqliteBackup
{
    private const string Journal = "SELECT count(*) FROM sqlite_master WHERE name IN ('schema_version', 'journal_store')";

    /// <summary>Copies the database as it stood at one moment into a new file. Servers go on reading and writing meanwhile.</summary>
    /// <param name="path">The database.</param>
    /// <param name="file">Where to; it must not exist. It is there once the copy is whole and on the disk.</param>
    /// <exception cref="DatabaseUnusableException">The database or the file can't be used; the message says why and what to do.</exception>
    public static void Backup(string path, string file)
    {
        if (!File.Exists(path))
            throw new DatabaseUnusableException($"There is no database {path} to back up: set AMS_DATABASE to the one you mean.");
        if (File.Exists(file))
            throw new DatabaseUnusableException(
                $"The file {file} is there already: name one that is not, so that no backup is lost."
            );
        var part = file + ".part";
        Guarded(
            path,
            () =>
            {
                RemoveWithLogs(part);
                Copy(path, part);
                File.Move(part, file);
            }
        );
    }

    /// <summary>Puts a backup in the place of a database. Every log then has a new <c>log_id</c>, so that clients with later memories are told.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="path">The database; no server may run on it.</param>
    /// <param name="replace">Said so by the operator: a database that is there already is moved aside.</param>
    /// <param name="migrations">What this program knows; a newer backup is refused.</param>
    /// <returns>Where the database that was there is now; null when there was none.</returns>
    /// <exception cref="DatabaseUnusableException">It is in use, there already, or the file is no whole backup. Nothing was changed.</exception>
    public static async Task<string?> RestoreAsync(
        string file,
        string path,
        bool replace,
        IReadOnlyList<Migration> migrations,
        IIdGenerator ids,
        TimeProvider time,
        CancellationToken ct
    )
    {
        if (!File.Exists(file))
            throw new DatabaseUnusableException($"There is no file {file}: name a backup made by AMS.");
        if (Path.GetFullPath(file) == Path.GetFullPath(path))
            throw new DatabaseUnusableException($"{file} is the database itself: name a backup of it.");
        using var fileLock = SqliteFileLock.Take(path);
        if (File.Exists(path) && !replace)
            throw new DatabaseUnusableException(
                $"There is a database {path} already: move it away, or say --force, which moves it aside. Nothing was changed."
            );
        var part = path + ".restored";
        await GuardedAsync(
            file,
            async () =>
            {
                RemoveWithLogs(part);
                await CheckAsync(file, migrations, ct);
                Copy(file, part);
                Renew(part, ids);
            }
        );
        string? aside = null;
        Guarded(
            path,
            () =>
            {
                aside = MoveAside(path, time);
                File.Move(part, path);
            }
        );
        return aside;
    }

    /// <summary>Takes the database that is there out of the way, whole: its write-ahead log belongs to it, and SQLite would take it for the new one's.</summary>
    private static string? MoveAside(string path, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            RemoveLogs(path);
            return null;
        }
        Fold(path);
        var aside =
            $"{path}.before-restore-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        foreach (var suffix in (string[])["-wal", "-shm", ""])
        {
            if (File.Exists(path + suffix))
                File.Move(path + suffix, aside + suffix);
        }
        return aside;
    }

    /// <summary>Folds the write-ahead log into the file, so that there is one file to move: a crash between two moves would part them.</summary>
    private static void Fold(string path)
    {
        try
        {
            using var connection = SqliteSession.Connect(path, SqliteOpenMode.ReadWrite);
            Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // Often the reason for the restore: it is damaged. Then its files are moved as they are.
        }
    }

    // One step, in one read transaction: writers don't wait for it, and no later write makes it begin again.
    private static void Copy(string from, string to)
    {
        using var source = SqliteSession.Connect(from, SqliteOpenMode.ReadWrite);
        using var target = SqliteSession.Connect(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(target);
    }

    private static async Task CheckAsync(string file, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        await using var connection = SqliteSession.Connect(file, SqliteOpenMode.ReadWrite);
        if (Scalar(connection, Journal) is not "2")
            throw new DatabaseUnusableException(
                $"The file {file} is no backup of AMS: name one that AMS made. Nothing was changed."
            );
        await Migrator.RefuseNewerAsync(connection, SqlDialect.Sqlite, migrations, file, ct);
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
            throw new DatabaseUnusableException($"The backup {file} is damaged: restore another one. Nothing was changed.");
    }

    private static void Renew(string part, IIdGenerator ids)
    {
        using var session = SqliteSession.OpenWriter(part);
        session
            .Prepare(
                "INSERT INTO journal_store (id, incarnation) VALUES (1, ?1) ON CONFLICT DO UPDATE SET incarnation = excluded.incarnation"
            )
            .Bind(1, SqliteIncarnation.New(ids))
            .Run();
    }

    private static string? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void RemoveWithLogs(string path)
    {
        RemoveLogs(path);
        File.Delete(path);
    }

    private static void RemoveLogs(string path)
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    private static void Guarded(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (Unusable(path, e) is { } unusable)
        {
            throw unusable;
        }
    }

    private static async Task GuardedAsync(string path, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (Unusable(path, e) is { } unusable)
        {
            throw unusable;
        }
    }

    private static DatabaseUnusableException? Unusable(string path, Exception e) =>
        e switch
        {
            SqliteException failure => SqliteFault.Unusable(path, failure),
            IOException or UnauthorizedAccessException => new(
                $"The file {path} or one beside it can't be written ({e.Message.ReplaceLineEndings(" ")}): check rights and room.",
                e
            ),
            _ => null,
        };
}
