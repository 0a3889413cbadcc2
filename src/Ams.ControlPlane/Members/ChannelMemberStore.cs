using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Members;

/// <summary>A principal as a member of a channel.</summary>
internal sealed record ChannelMemberRow : PrincipalRow
{
    /// <summary>1, 2, 3 … in the order in which they joined.</summary>
    public long Ordinal { get; init; }
}

/// <summary>The SQL of channels' members.</summary>
internal static class ChannelMemberStore
{
    public static async Task<bool> IsMemberAsync(Session db, string channelId, string principalId) =>
        await db.FirstAsync<long>(
            "SELECT COUNT(*) FROM channel_member WHERE channel_id = @channelId AND principal_id = @principalId",
            new { channelId, principalId }
        ) > 0;

    /// <summary>Adds members after those there are, in their order. The workspace's row is locked, so the numbers are free.</summary>
    public static async Task AddAsync(Session db, string channelId, IReadOnlyList<string> principalIds, long at)
    {
        var ordinal = await db.FirstAsync<long>(
            "SELECT COALESCE(MAX(ordinal), 0) FROM channel_member WHERE channel_id = @channelId",
            new { channelId }
        );
        await db.ExecuteAsync(
            "INSERT INTO channel_member (channel_id, principal_id, ordinal, joined_at) VALUES (@channelId, @principalId, @ordinal, @at)",
            principalIds
                .Select(principalId => new
                {
                    channelId,
                    principalId,
                    ordinal = ++ordinal,
                    at,
                })
                .ToList()
        );
    }

    public static Task RemoveAsync(Session db, string channelId, string principalId) =>
        db.ExecuteAsync(
            "DELETE FROM channel_member WHERE channel_id = @channelId AND principal_id = @principalId",
            new { channelId, principalId }
        );

    public static Task RemoveFromAllAsync(Session db, string principalId) =>
        db.ExecuteAsync("DELETE FROM channel_member WHERE principal_id = @principalId", new { principalId });

    /// <summary>In the order in which they joined, after a number.</summary>
    public static Task<IReadOnlyList<ChannelMemberRow>> ListAsync(Session db, string channelId, long after, int count) =>
        db.ListAsync<ChannelMemberRow>(
            $"""
            SELECT {PrincipalStore.Columns}, m.ordinal AS Ordinal
            FROM channel_member m JOIN principal p ON p.id = m.principal_id
            WHERE m.channel_id = @channelId AND m.ordinal > @after
            ORDER BY m.ordinal LIMIT @count
            """,
            new
            {
                channelId,
                after,
                count,
            }
        );
}
