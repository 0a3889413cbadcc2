using System.Collections.Concurrent;
using Ams.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>A bounded pool of reading connections, opened as they are needed.</summary>
internal sealed class SqliteReaders(string path, int connectionsMax) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(connectionsMax);
    private readonly ConcurrentStack<SqliteSession> _idle = new();
    private volatile bool _closed;

    /// <summary>Runs a read on the calling thread, or once a connection is free.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<T> ReadAsync<TArgs, T>(TArgs args, Func<SqliteSession, TArgs, T> read, CancellationToken ct)
    {
        await _slots.WaitAsync(ct);
        SqliteSession? session = null;
        try
        {
            session = Rent();
            return read(session, args);
        }
        catch (Exception failure)
        {
            // Whatever it was, a statement may stand half-way: the connection is closed, not used again.
            if (session is not null)
                session.Broken = true;
            if (failure is SqliteException sqlite)
                throw SqliteFault.Unavailable(path, sqlite);
            throw;
        }
        finally
        {
            Return(session);
        }
    }

    /// <summary>As <see cref="ReadAsync{TArgs,T}"/>, for work that is asynchronous in form.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read, CancellationToken ct)
    {
        await _slots.WaitAsync(ct);
        SqliteSession? session = null;
        try
        {
            session = Rent();
            return await read(session.Connection);
        }
        catch (SqliteException failure) when (SqliteFault.IsStoreFault(failure))
        {
            if (session is not null)
                session.Broken = true;
            throw SqliteFault.Unavailable(path, failure);
        }
        finally
        {
            Return(session);
        }
    }

    /// <summary>Waits for the reads that are under way and closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        for (var i = 0; i < connectionsMax; i++)
            await _slots.WaitAsync();
        while (_idle.TryPop(out var session))
            session.Dispose();
        _slots.Release(connectionsMax);
    }

    private SqliteSession Rent()
    {
        if (_closed)
            throw new StoreUnavailableException($"The database {path} is closed.");
        return _idle.TryPop(out var session) ? session : SqliteSession.OpenReader(path);
    }

    private void Return(SqliteSession? session)
    {
        if (session is { Broken: true })
            session.Dispose();
        else if (session is not null)
            _idle.Push(session);
        _slots.Release();
    }
}
