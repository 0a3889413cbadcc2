using Ams.Actors.Storage;
using Ams.Actors.Storage.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>Group commits to PostgreSQL: one call of <c>journal_append</c> each, which is a transaction of its own.</summary>
internal sealed class PostgresJournalStore(PostgresDatabase database, ShardTerms terms, TimeProvider time, ILogger logger)
    : IJournalStore
{
    private const int AttemptsMax = 4;

    private int _failing;

    public async ValueTask<AppendStatus[]> CommitAsync(IReadOnlyList<AppendBatch> batches)
    {
        var append = new PostgresAppend(batches, terms);
        if (!append.HasWork)
            return append.SettleAll(AppendStatus.Conflict);
        var careful = false;
        for (var attempt = 1; ; attempt++)
        {
            NpgsqlConnection connection;
            try
            {
                connection = await database.Appends.OpenConnectionAsync();
            }
            catch (Exception failure)
            {
                Report(failure);
                return append.SettleAll(AppendStatus.Unavailable);
            }
            var sent = SendAsync(connection, append, careful);
            try
            {
                var given = await sent.WaitAsync(database.Options.AppendTimeout, time);
                Works();
                return append.Settle(given);
            }
            catch (Exception failure) when (PostgresFault.IsRolledBack(failure))
            {
                // Nothing was written. A taken key shows as a broken index, and the second time as its own batch's conflict.
                var taken = failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } && !careful;
                careful |= taken;
                if (attempt < AttemptsMax && (taken || PostgresFault.MayBeRunAgain(failure)))
                    continue;
                Report(failure);
                return append.SettleAll(AppendStatus.Unavailable);
            }
            catch (Exception failure)
            {
                // The other idle connections were made to the same server, which may be gone.
                database.Appends.Clear();
                logger.CommitInDoubt(database.Options.Url.ToString(), PostgresFault.Reason(failure));
                return append.SettleAll(AppendStatus.InDoubt);
            }
            finally
            {
                if (sent.IsCompleted)
                    await connection.DisposeAsync();
                else
                    _ = PostgresDatabase.GiveUpAsync(connection, sent);
            }
        }
    }

    // No token: an append is waited for or given up, never cancelled.
    private static async Task<int[]> SendAsync(NpgsqlConnection connection, PostgresAppend append, bool careful)
    {
        await using var command = append.Command(connection, careful);
        return (int[])(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    private void Report(Exception failure)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0)
            logger.WriteFailed(database.Options.Url.ToString(), PostgresFault.Reason(failure));
    }

    private void Works()
    {
        if (Volatile.Read(ref _failing) == 1 && Interlocked.Exchange(ref _failing, 0) == 1)
            logger.WritesAgain(database.Options.Url.ToString());
    }
}
