using System.Data.Common;
using Npgsql;

namespace Ams.Actors.Storage.Postgres;

/// <summary>Commands with positional values.</summary>
internal static class PostgresCommands
{
    /// <summary>A command whose <c>$1</c>, <c>$2</c> … are the values.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>The same within a transaction.</summary>
    public static NpgsqlCommand Command(this DbTransaction transaction, string sql, params object[] values)
    {
        var command = ((NpgsqlConnection)transaction.Connection!).Command(sql, values);
        command.Transaction = (NpgsqlTransaction)transaction;
        return command;
    }
}
