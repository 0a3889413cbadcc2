using Ams.Actors.Storage;
using Ams.Actors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>Commits batches on the writer thread, in one transaction.</summary>
internal sealed class SqliteJournalStore(SqliteDatabase database, ILogger<SqliteJournalStore> logger) : IJournalStore
{
    /// <summary>Completes on the writer thread, which the continuation must not hold up.</summary>
    public ValueTask<AppendStatus[]> CommitAsync(IReadOnlyList<AppendBatch> batches)
    {
        var commit = new Commit(database, batches, logger);
        database.Writer.Post(commit);
        return new(commit.Done);
    }

    private sealed class Commit(SqliteDatabase database, IReadOnlyList<AppendBatch> batches, ILogger logger) : SqliteWrite
    {
        private readonly AppendStatus[] _statuses = new AppendStatus[batches.Count];
        private readonly TaskCompletionSource<AppendStatus[]> _done = new();

        public Task<AppendStatus[]> Done => _done.Task;

        public override void Fail(StoreUnavailableException failure)
        {
            SettleCommitted(AppendStatus.Unavailable);
            _done.SetResult(_statuses);
        }

        public override void Run(SqliteSession session)
        {
            var begun = false;
            try
            {
                while (!TryWriteAll(session)) { }
                begun = true;
                session.Prepare("COMMIT").Run();
                if (batches.Where((b, i) => b.Rewrites.Count > 0 && _statuses[i] == AppendStatus.Committed).Any())
                    database.Writer.Erase(session);
            }
            catch (Exception failure)
            {
                // A commit that failed may still be found in the log after a crash; what failed before it may not.
                session.Broken = true;
                SettleCommitted(begun ? AppendStatus.InDoubt : AppendStatus.Unavailable);
                var reason = failure is SqliteException sqlite ? SqliteFault.Reason(sqlite) : failure.ToString();
                database.Writer.Report(reason);
                if (begun)
                    logger.CommitInDoubt(database.Path, reason);
            }
            _done.SetResult(_statuses);
        }

        // A conflict is so rare that nothing is spent on being able to undo one batch: the transaction is begun again without it.
        private bool TryWriteAll(SqliteSession session)
        {
            session.Prepare("BEGIN IMMEDIATE").Run();
            var append = new SqliteAppend(session);
            for (var i = 0; i < batches.Count; i++)
            {
                if (_statuses[i] == AppendStatus.Conflict || append.TryWrite(batches[i]))
                    continue;
                _statuses[i] = AppendStatus.Conflict;
                session.Prepare("ROLLBACK").Run();
                return false;
            }
            return true;
        }

        private void SettleCommitted(AppendStatus status)
        {
            for (var i = 0; i < _statuses.Length; i++)
            {
                if (_statuses[i] == AppendStatus.Committed)
                    _statuses[i] = status;
            }
        }
    }
}
