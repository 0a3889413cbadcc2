using Ams.Actors.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>The one thread that writes, with its own connection: group commits and control-plane transactions run on it one after another.</summary>
/// <remarks>A connection on which the store failed is closed; the next write opens a new one, so that the node works again once the disk does.</remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private static readonly TimeSpan ErasureRetry = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Queue<SqliteWrite> _queue = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private bool _stopping;
    private bool _failing;
    private bool _erasureWaits;

    public SqliteWriter(string path, SqliteSession session, ILogger logger)
    {
        _path = path;
        _session = session;
        _logger = logger;
        _thread = new Thread(Loop) { IsBackground = true, Name = "ams-sqlite-writer" };
        _thread.Start();
    }

    /// <summary>Queues a write. It is answered on the writer thread, which the answer must not hold up.</summary>
    public void Post(SqliteWrite write)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _queue.Enqueue(write);
                Monitor.Pulse(_gate);
                return;
            }
        }
        write.Fail(new StoreUnavailableException($"The database {_path} is closed."));
    }

    /// <summary>Tells the operator of a failed write. Called on the writer thread.</summary>
    public void Report(string reason)
    {
        _failing = true;
        _logger.WriteFailed(_path, reason);
    }

    /// <summary>Empties the write-ahead log after content was erased, so that no earlier copy of a page stands on the disk. Called on the writer
    /// thread, after the commit. Waits at most a second for readers; if that is not enough it is repeated after every write and every second.</summary>
    public void Erase(SqliteSession session)
    {
        _erasureWaits = true;
        try
        {
            session.Execute("PRAGMA busy_timeout = 1000");
            var checkpoint = session.Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
            var busy = checkpoint.Step() && checkpoint.Int64(0) != 0;
            checkpoint.Reset();
            session.Execute("PRAGMA busy_timeout = 5000");
            _erasureWaits = busy;
            if (busy)
                _logger.ErasureWaits(_path, "a reader holds it");
        }
        catch (SqliteException failure)
        {
            session.Broken = true;
            _logger.ErasureWaits(_path, SqliteFault.Reason(failure));
        }
    }

    /// <summary>Finishes what is queued, takes no more and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        await _ended.Task;
    }

    private void Loop()
    {
        while (TryTake(out var write))
        {
            if (Session() is not { } session)
                write?.Fail(new StoreUnavailableException($"The database {_path} can't be opened for writing."));
            else
                Run(session, write);
        }
        _session?.Dispose();
        _ended.SetResult();
    }

    private void Run(SqliteSession session, SqliteWrite? write)
    {
        write?.Run(session);
        if (_erasureWaits && !session.Broken)
            Erase(session);
        if (session.Broken)
        {
            session.Dispose();
            _session = null;
        }
        else if (_failing && write is not null)
        {
            _failing = false;
            _logger.WritesAgain(_path);
        }
    }

    // False when it is time to end. No write: an erasure has to be tried again.
    private bool TryTake(out SqliteWrite? write)
    {
        lock (_gate)
        {
            while (!_queue.TryDequeue(out write))
            {
                if (_stopping)
                    return false;
                if (!_erasureWaits)
                    Monitor.Wait(_gate);
                else if (!Monitor.Wait(_gate, ErasureRetry))
                    return true;
            }
            return true;
        }
    }

    private SqliteSession? Session()
    {
        if (_session is not null)
            return _session;
        try
        {
            return _session = SqliteSession.OpenWriter(_path);
        }
        catch (SqliteException failure)
        {
            Report(SqliteFault.Reason(failure));
            return null;
        }
    }
}
