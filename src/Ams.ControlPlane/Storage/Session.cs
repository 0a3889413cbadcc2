using System.Data.Common;
using Ams.Actors.Storage;
using Dapper;

namespace Ams.ControlPlane.Storage;

/// <summary>One conversation with the database: a pooled connection for reads, or the transaction of a change. The stores speak through it, and
/// through nothing else; what the two engines say differently stands here.</summary>
internal sealed class Session
{
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly SqlDialect _dialect;
    private readonly CancellationToken _ct;

    public Session(DbConnection connection, SqlDialect dialect, CancellationToken ct)
    {
        _connection = connection;
        _dialect = dialect;
        _ct = ct;
    }

    // A change that was begun is carried to its end: giving up half-way would leave its outcome in doubt.
    public Session(DbTransaction transaction, SqlDialect dialect)
    {
        _connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction));
        _transaction = transaction;
        _dialect = dialect;
    }

    /// <summary>How many rows were written through this session.</summary>
    public int RowsWritten { get; private set; }

    /// <summary>Ends a SELECT whose row nobody else may change until this transaction ends. SQLite has one writer, so there it is nothing.</summary>
    public string ForUpdate => _dialect == SqlDialect.Postgres ? " FOR UPDATE" : "";

    public Task<T?> FirstAsync<T>(string sql, object? args = null) => _connection.QueryFirstOrDefaultAsync<T>(Command(sql, args));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? args = null) =>
        (await _connection.QueryAsync<T>(Command(sql, args))).AsList();

    public async Task<int> ExecuteAsync(string sql, object? args = null)
    {
        var rows = await _connection.ExecuteAsync(Command(sql, args));
        RowsWritten += Math.Max(rows, 0);
        return rows;
    }

    private CommandDefinition Command(string sql, object? args) => new(sql, args, _transaction, cancellationToken: _ct);
}
