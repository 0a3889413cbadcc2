using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ams.Actors.Storage.Sqlite;

/// <summary>A prepared statement, below ADO.NET: values go in and out as spans, without an allocation a row. Belongs to one session.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 handle, string sql)
    {
        _handle = handle;
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement),
            handle
        );
    }

    public SqliteStatement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(_statement, index, value));

    public SqliteStatement Bind(int index, long? value) =>
        Checked(
            value is { } number ? raw.sqlite3_bind_int64(_statement, index, number) : raw.sqlite3_bind_null(_statement, index)
        );

    public SqliteStatement Bind(int index, string? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));

    /// <summary>Binds bytes; none at all is NULL.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value) =>
        Checked(value.IsEmpty ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_blob(_statement, index, value));

    /// <summary>Goes to the next row; false at the end. Whoever stops before the end calls <see cref="Reset"/>.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            Throw(result);
        Reset();
        return false;
    }

    /// <summary>Runs a statement that gives no rows, and returns how many rows it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return raw.sqlite3_changes(_handle);
    }

    /// <summary>Ends the statement's read transaction, so that no snapshot is held.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>The column's bytes: valid until the next <see cref="Step"/> or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private SqliteStatement Checked(int result)
    {
        if (result != raw.SQLITE_OK)
            Throw(result);
        return this;
    }

    // The message is read before the reset, which would replace it.
    private void Throw(int result)
    {
        var failure = new SqliteException(
            raw.sqlite3_errmsg(_handle).utf8_to_string(),
            result & 0xFF,
            raw.sqlite3_extended_errcode(_handle)
        );
        Reset();
        throw failure;
    }
}
