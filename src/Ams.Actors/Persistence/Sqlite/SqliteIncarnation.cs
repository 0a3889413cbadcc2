using Ams.Actors.Runtime;
using Ams.Actors.Storage;

namespace Ams.Actors.Persistence.Sqlite;

/// <summary>The store's incarnation: given once, and anew by a restore. Every log's <c>log_id</c> follows from it.</summary>
internal static class SqliteIncarnation
{
    public const string Read = "SELECT incarnation FROM journal_store WHERE id = 1";

    private const string Prefix = "inc_";

    /// <summary>The incarnation, made at the first start.</summary>
    public static Task<string> EnsureAsync(IDatabase database, IIdGenerator ids, CancellationToken ct) =>
        database.WriteAsync(
            async transaction =>
            {
                await using var command = transaction.Connection!.CreateCommand();
                command.Transaction = transaction;
                command.CommandText =
                    "INSERT INTO journal_store (id, incarnation) VALUES (1, @incarnation) ON CONFLICT DO NOTHING; " + Read;
                var parameter = command.CreateParameter();
                parameter.ParameterName = "incarnation";
                parameter.Value = ids.NewId(Prefix);
                command.Parameters.Add(parameter);
                return (string)(await command.ExecuteScalarAsync(ct))!;
            },
            ct
        );

    /// <summary>A new one, for a store that goes back to an earlier state.</summary>
    public static string New(IIdGenerator ids) => ids.NewId(Prefix);
}
