using System.Globalization;
using Npgsql;

namespace Ams.Actors.Storage.Postgres;

/// <summary>What a PostgreSQL server is, and whether acknowledged messages are safe with it.</summary>
/// <param name="SystemIdentifier">Given by initdb: the same for a primary and its standbys.</param>
/// <param name="Timeline">Goes up by each promotion: a lower one than was seen is an old primary that came back.</param>
internal sealed record PostgresServer(long SystemIdentifier, int Timeline)
{
    /// <summary>The oldest version that is tested: 15.</summary>
    public const int VersionNumberMin = 150_000;

    /// <summary>Looks at the server before anything is written to it.</summary>
    /// <exception cref="DatabaseUnusableException">It is too old, a standby, or set so that it acknowledges what it may lose.</exception>
    public static async Task<PostgresServer> CheckAsync(NpgsqlConnection connection, PostgresUrl url, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('synchronous_commit'), "
                + "current_setting('server_version')",
            connection
        );
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            if (row.GetInt32(0) < VersionNumberMin)
                throw Refuse(
                    url,
                    $"is PostgreSQL {row.GetString(3)}, and AMS needs {VersionNumberMin / 10_000} or later: upgrade it"
                );
            if (row.GetBoolean(1))
                throw Refuse(url, "is a standby, which can't be written to: set AMS_DATABASE to the primary");
            // At off an acknowledgement may be lost; at the other four it is on disk here, at least.
            if (row.GetString(2) == "off")
                throw Refuse(url, "has synchronous_commit = off, so acknowledged messages could be lost: set it to on");
        }
        command.CommandText =
            "SELECT (SELECT system_identifier FROM pg_control_system()), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
        await using var identity = await command.ExecuteReaderAsync(ct);
        await identity.ReadAsync(ct);
        return new(
            identity.GetInt64(0),
            int.Parse(identity.GetString(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        );
    }

    private static DatabaseUnusableException Refuse(PostgresUrl url, string why) =>
        new($"The database {url} {why}. Nothing was changed.");
}
