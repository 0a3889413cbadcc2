using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Access;

/// <summary>The log of access changes that nodes follow. A version is taken from one row that stays locked until the commit, so that versions become
/// visible in their order: who has read up to 7 will never find a 6 that came later.</summary>
internal static class AccessChangeStore
{
    public static async Task AppendAsync(Session db, DateTimeOffset at, IReadOnlyList<AccessChange> changes)
    {
        var last = await db.FirstAsync<long>(
            "UPDATE access_version SET version = version + @count RETURNING version",
            new { count = changes.Count }
        );
        var version = last - changes.Count;
        await db.ExecuteAsync(
            """
            INSERT INTO access_change (version, at, kind, workspace_id, token_id, principal_id, channel_id)
            VALUES (@Version, @At, @Kind, @WorkspaceId, @TokenId, @PrincipalId, @ChannelId)
            """,
            changes
                .Select(change => new
                {
                    Version = ++version,
                    At = at.ToUnixTimeMilliseconds(),
                    Kind = change.Kind.ToString(),
                    change.WorkspaceId,
                    change.TokenId,
                    change.PrincipalId,
                    change.ChannelId,
                })
                .ToList()
        );
    }
}
