using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Channels;

/// <summary>The SQL of channels.</summary>
internal static class ChannelStore
{
    private const string Select =
        "SELECT c.id AS Id, c.workspace_id AS WorkspaceId, c.name AS Name, c.topic AS Topic, c.visibility AS Visibility, "
        + "c.created_by AS CreatedBy, c.max_hops AS MaxHops, c.direct_set AS DirectSet, c.created_at AS CreatedAt, "
        + "c.archived_at AS ArchivedAt FROM channel c";

    /// <summary>What @viewer can see: the protocol's visibility, in SQL. <see cref="ChannelDirectory"/> says the same for one channel.</summary>
    private const string Visible =
        "(c.visibility = 'workspace' OR EXISTS "
        + "(SELECT 1 FROM channel_member m WHERE m.channel_id = c.id AND m.principal_id = @viewer))";

    public static Task InsertAsync(Session db, ChannelRow channel) =>
        db.ExecuteAsync(
            """
            INSERT INTO channel (id, workspace_id, name, topic, visibility, created_by, max_hops, direct_set, created_at)
            VALUES (@Id, @WorkspaceId, @Name, @Topic, @Visibility, @CreatedBy, @MaxHops, @DirectSet, @CreatedAt)
            """,
            new
            {
                channel.Id,
                channel.WorkspaceId,
                channel.Name,
                channel.Topic,
                Visibility = channel.Visibility.Word(),
                channel.CreatedBy,
                channel.MaxHops,
                channel.DirectSet,
                channel.CreatedAt,
            }
        );

    public static Task<ChannelRow?> FindAsync(Session db, string channelId) =>
        db.FirstAsync<ChannelRow>($"{Select} WHERE c.id = @channelId", new { channelId });

    public static Task<ChannelRow?> FindDirectAsync(Session db, string workspaceId, string directSet) =>
        db.FirstAsync<ChannelRow>(
            $"{Select} WHERE c.workspace_id = @workspaceId AND c.direct_set = @directSet",
            new { workspaceId, directSet }
        );

    /// <summary>Those that a viewer can see, oldest first, after an id.</summary>
    public static Task<IReadOnlyList<ChannelRow>> ListAsync(
        Session db,
        string workspaceId,
        string viewer,
        string? name,
        bool archived,
        string after,
        int count
    ) =>
        db.ListAsync<ChannelRow>(
            $"""
            {Select}
            WHERE c.workspace_id = @workspaceId AND c.id > @after AND {Visible}
                {(name is null ? "" : "AND c.name = @name")}
                {(archived ? "" : "AND c.archived_at IS NULL")}
            ORDER BY c.id LIMIT @count
            """,
            new
            {
                workspaceId,
                viewer,
                name,
                after,
                count,
            }
        );

    /// <summary>Whether a live channel that the viewer can see has this name. A private one that it can't see is not given away.</summary>
    public static async Task<bool> IsNameTakenAsync(
        Session db,
        string workspaceId,
        string viewer,
        string name,
        string exceptId
    ) =>
        await db.FirstAsync<long>(
            $"""
            SELECT COUNT(*) FROM channel c
            WHERE c.workspace_id = @workspaceId AND c.name = @name AND c.archived_at IS NULL AND c.id <> @exceptId AND {Visible}
            """,
            new
            {
                workspaceId,
                viewer,
                name,
                exceptId,
            }
        ) > 0;

    public static Task UpdateAsync(Session db, ChannelRecord channel) =>
        db.ExecuteAsync(
            "UPDATE channel SET name = @Name, topic = @Topic, max_hops = @MaxHops, archived_at = @ArchivedAt WHERE id = @Id",
            new
            {
                channel.Id,
                channel.Name,
                channel.Topic,
                channel.MaxHops,
                ArchivedAt = channel.ArchivedAt.ToMilliseconds(),
            }
        );
}
