using Ams.Actors.Persistence;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>Tells the store's faults from mistakes of its callers, and says them in words.</summary>
internal static class SqliteFault
{
    /// <summary>True when the store failed; false for a broken constraint or wrong SQL, which is the caller's.</summary>
    public static bool IsStoreFault(SqliteException failure) =>
        failure.SqliteErrorCode
            is not (
                raw.SQLITE_CONSTRAINT
                or raw.SQLITE_ERROR
                or raw.SQLITE_MISMATCH
                or raw.SQLITE_RANGE
                or raw.SQLITE_TOOBIG
                or raw.SQLITE_MISUSE
            );

    /// <summary>What callers of a store that failed see.</summary>
    public static StoreUnavailableException Unavailable(string path, SqliteException failure) =>
        new($"The database {path} does not answer ({Reason(failure)}).", failure);

    /// <summary>The code and SQLite's words for it.</summary>
    public static string Reason(SqliteException failure) =>
        $"SQLite error {failure.SqliteExtendedErrorCode}: {failure.Message.ReplaceLineEndings(" ")}";

    /// <summary>Why a database can't be opened, in one line for the operator.</summary>
    public static DatabaseUnusableException Unusable(string path, SqliteException failure) =>
        new(
            failure.SqliteErrorCode switch
            {
                raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_READONLY => NoRights(path),
                raw.SQLITE_NOTADB =>
                    $"The file {path} is not an SQLite database: move it away, or set AMS_DATABASE to another path. Nothing was changed.",
                raw.SQLITE_CORRUPT =>
                    $"The database {path} is damaged ({Reason(failure)}): restore a backup, or set AMS_DATABASE to another path.",
                raw.SQLITE_FULL => $"The disk of the database {path} is full: make room and start again.",
                raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                    $"The database {path} is locked by another program: end it, or set AMS_DATABASE to another path.",
                _ => $"The database {path} can't be opened ({Reason(failure)}): check the disk and the file.",
            },
            failure
        );

    /// <summary>The line for a file or directory that can't be written.</summary>
    public static string NoRights(string path) =>
        $"The database {path} can't be opened for reading and writing: give the server's user both rights on the file and its directory, "
        + "or set AMS_DATABASE to another path.";
}
