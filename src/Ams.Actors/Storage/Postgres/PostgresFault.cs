using System.Net.Sockets;
using Ams.Actors.Persistence;
using Npgsql;

namespace Ams.Actors.Storage.Postgres;

/// <summary>Tells the store's faults from mistakes of its callers, and says them in words.</summary>
internal static class PostgresFault
{
    /// <summary>True when the store failed; false for a broken constraint or wrong SQL, which is the caller's.</summary>
    public static bool IsStoreFault(Exception failure) =>
        failure switch
        {
            // Data and constraints; syntax, names and rights; wrong use of transactions: the statement was wrong, not the store.
            PostgresException e => !(
                e.SqlState.StartsWith("22", StringComparison.Ordinal)
                || e.SqlState.StartsWith("23", StringComparison.Ordinal)
                || e.SqlState.StartsWith("42", StringComparison.Ordinal)
                || e.SqlState is "25001" or "25P01" or "25P02" or "P0001"
            ),
            NpgsqlException or IOException or SocketException or TimeoutException => true,
            // The pool of a database that was closed.
            ObjectDisposedException => true,
            _ => false,
        };

    /// <summary>True when the server answered that it refused the statement: whatever the transaction did is rolled back, for certain. A FATAL
    /// error is no such answer: it may come from a backend that is ended while its commit, already on disk, waits for a standby.</summary>
    public static bool IsRolledBack(Exception failure) =>
        failure
            is PostgresException { InvariantSeverity: "ERROR" }
                or PostgresException { InvariantSeverity: null, Severity: "ERROR" };

    /// <summary>True when the connection is gone, and others made at the same time may be gone with it.</summary>
    public static bool IsBroken(Exception failure) => !IsRolledBack(failure) && failure.InnerException is not TimeoutException;

    /// <summary>True when the same transaction may succeed if it is run again: it lost against another one.</summary>
    public static bool MayBeRunAgain(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>What callers of a store that failed see.</summary>
    public static StoreUnavailableException Unavailable(PostgresUrl url, Exception failure) =>
        new($"The database {url} does not answer ({Reason(failure)}).", failure);

    /// <summary>What the caller of a commit whose answer never came sees.</summary>
    public static StoreUnavailableException Unknown(PostgresUrl url, Exception failure) =>
        new($"It is unknown whether the database {url} committed ({Reason(failure)}): read back before anything else.", failure);

    /// <summary>The code and PostgreSQL's words for it, in one line. No detail or hint, which may hold values.</summary>
    public static string Reason(Exception failure) =>
        failure is PostgresException e
            ? $"PostgreSQL error {e.SqlState}: {e.MessageText.ReplaceLineEndings(" ")}"
            : failure.Message.ReplaceLineEndings(" ");

    /// <summary>Why a database can't be opened, in one line for the operator.</summary>
    public static DatabaseUnusableException Unusable(PostgresUrl url, Exception failure) =>
        new(
            (failure as PostgresException)?.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    $"The database {url} refuses the user or the password ({Reason(failure)}): mend AMS_DATABASE, or the server's pg_hba.conf.",
                PostgresErrorCodes.InvalidCatalogName =>
                    $"The database {url} does not exist: create it (CREATE DATABASE), or mend AMS_DATABASE.",
                PostgresErrorCodes.InsufficientPrivilege =>
                    $"The user of the database {url} lacks rights ({Reason(failure)}): make it the owner of the database.",
                PostgresErrorCodes.DiskFull => $"The disk of the database {url} is full: make room and start again.",
                _ =>
                    $"The database {url} can't be opened ({Reason(failure)}): check that PostgreSQL runs there and can be reached, or mend AMS_DATABASE.",
            },
            failure
        );
}
