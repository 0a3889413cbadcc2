using System.Data.Common;
using Ams.Actors.Runtime;
using Ams.Actors.Storage.Postgres;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>What a start leaves in the database: the store's incarnation, this node, and all shards in its hands.</summary>
/// <remarks>One node at a time: whoever starts last takes every shard, with a higher term. The node that had them is fenced by its next append.</remarks>
internal static class PostgresOwnership
{
    /// <summary>The store's incarnation, made at the first start.</summary>
    public static Task<string> EnsureStoreAsync(PostgresDatabase database, IIdGenerator ids, CancellationToken ct) =>
        database.WriteAsync(
            async transaction =>
            {
                await using var command = transaction.Command(
                    """
                    INSERT INTO journal_store (id, incarnation, shard_count, system_identifier, timeline) VALUES (1, $1, $2, $3, $4)
                    ON CONFLICT (id) DO UPDATE SET system_identifier = excluded.system_identifier, timeline = excluded.timeline
                    RETURNING incarnation
                    """,
                    ids.NewId("inc_"),
                    Shards.CountOfNew,
                    database.Server.SystemIdentifier,
                    database.Server.Timeline
                );
                return (string)(await command.ExecuteScalarAsync(ct))!;
            },
            ct
        );

    /// <summary>Enters a new incarnation of this node and takes every shard.</summary>
    public static Task<ShardTerms> TakeAllAsync(PostgresDatabase database, IIdGenerator ids, CancellationToken ct) =>
        database.WriteAsync(
            async transaction =>
            {
                var incarnation = ids.NewId("nod_");
                await ExecuteAsync(transaction, "UPDATE node SET state = 'dead' WHERE state = 'alive'", ct);
                await ExecuteAsync(transaction, "INSERT INTO node (incarnation, state) VALUES ($1, 'alive')", ct, incarnation);
                await ExecuteAsync(
                    transaction,
                    """
                    INSERT INTO shard (id, term) SELECT generate_series(0, shard_count - 1), 0 FROM journal_store WHERE id = 1
                    ON CONFLICT DO NOTHING
                    """,
                    ct
                );
                // In the order in which appends lock them, so that neither waits for the other in a circle.
                await ExecuteAsync(transaction, "SELECT 1 FROM shard ORDER BY id FOR UPDATE", ct);
                await using var take = transaction.Command(
                    """
                    WITH taken AS (UPDATE shard SET owner = $1, term = term + 1 RETURNING id, term)
                    SELECT array_agg(term ORDER BY id) FROM taken
                    """,
                    incarnation
                );
                return new ShardTerms(incarnation, (long[])(await take.ExecuteScalarAsync(ct))!);
            },
            ct
        );

    /// <summary>Tells that this node left by itself. Its shards stay its own until somebody takes them.</summary>
    public static Task LeaveAsync(PostgresDatabase database, string incarnation, CancellationToken ct) =>
        database.WriteAsync(
            async transaction =>
            {
                await ExecuteAsync(
                    transaction,
                    "UPDATE node SET state = 'left' WHERE incarnation = $1 AND state = 'alive'",
                    ct,
                    incarnation
                );
                return 0;
            },
            ct
        );

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = transaction.Command(sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }
}
