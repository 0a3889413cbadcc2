using System.Data;
using System.Data.Common;
using Ams.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>One transaction for the writer thread.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Runs the transaction to its end, whatever that is, and answers whoever waits. Marks the session broken when the store failed.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Answers whoever waits when there is no connection to run on: nothing was written.</summary>
    public abstract void Fail(StoreUnavailableException failure);
}

/// <summary>A transaction of the control plane.</summary>
internal sealed class SqliteControlWrite<T>(
    string path,
    Func<DbTransaction, Task<T>> work,
    Action<string> report,
    CancellationToken ct
) : SqliteWrite
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Fail(StoreUnavailableException failure) => _done.TrySetException(failure);

    public override void Run(SqliteSession session)
    {
        if (ct.IsCancellationRequested)
        {
            _done.TrySetCanceled(ct);
            return;
        }
        try
        {
            using var transaction = session.Connection.BeginTransaction(IsolationLevel.Serializable, deferred: false);
#pragma warning disable VSTHRD002 // This thread belongs to the writer and has no context to deadlock on; ADO.NET over SQLite is synchronous.
            var result = work(transaction).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            transaction.Commit();
            _done.TrySetResult(result);
        }
        catch (SqliteException failure) when (SqliteFault.IsStoreFault(failure))
        {
            session.Broken = true;
            report(SqliteFault.Reason(failure));
            _done.TrySetException(SqliteFault.Unavailable(path, failure));
        }
        catch (Exception failure)
        {
            // Disposing the transaction has rolled it back; if even that did not work, the connection is not to be trusted.
            session.Broken |= session.InTransaction;
            _done.TrySetException(failure);
        }
    }
}
