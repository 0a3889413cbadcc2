using Ams.Actors.Storage;

namespace Ams.ControlPlane.Storage;

/// <summary>The schema of the control plane, step by step. A step that was released is never changed.</summary>
internal static class ControlPlaneMigrations
{
    public const string Component = "control_plane";

    // Times are milliseconds since 1970 in UTC. Text compares by bytes on both engines, since cursors rely on the order of ids.
    private const string Tables = """
        CREATE TABLE workspace (
            id {text} NOT NULL PRIMARY KEY,
            name {text} NOT NULL,
            slug {text} NOT NULL,
            audit_seq {int} NOT NULL,
            created_at {int} NOT NULL,
            deleted_at {int}
        ){strict};
        CREATE UNIQUE INDEX workspace_slug ON workspace (slug) WHERE deleted_at IS NULL;

        CREATE TABLE principal (
            id {text} NOT NULL PRIMARY KEY,
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            name {text} NOT NULL,
            kind {text} NOT NULL,
            role {text} NOT NULL,
            description {text},
            created_at {int} NOT NULL,
            removed_at {int}
        ){strict};
        CREATE UNIQUE INDEX principal_name ON principal (workspace_id, name) WHERE removed_at IS NULL;
        CREATE INDEX principal_by_workspace ON principal (workspace_id, id);

        CREATE TABLE token (
            id {text} NOT NULL PRIMARY KEY,
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            principal_id {text} NOT NULL REFERENCES principal (id),
            name {text},
            scopes {text} NOT NULL,
            digest {bytes} NOT NULL,
            created_at {int} NOT NULL,
            expires_at {int},
            superseded_at {int},
            revoked_at {int}
        ){strict};
        CREATE UNIQUE INDEX token_digest ON token (digest);
        CREATE INDEX token_by_principal ON token (principal_id, id);
        CREATE INDEX token_by_workspace ON token (workspace_id) WHERE revoked_at IS NULL;

        CREATE TABLE channel (
            id {text} NOT NULL PRIMARY KEY,
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            name {text},
            topic {text},
            visibility {text} NOT NULL,
            created_by {text} NOT NULL REFERENCES principal (id),
            max_hops {int} NOT NULL,
            direct_set {text},
            created_at {int} NOT NULL,
            archived_at {int}
        ){strict};
        CREATE INDEX channel_by_workspace ON channel (workspace_id, id);
        CREATE INDEX channel_by_name ON channel (workspace_id, name, id);
        CREATE UNIQUE INDEX channel_direct_set ON channel (workspace_id, direct_set) WHERE direct_set IS NOT NULL;

        CREATE TABLE channel_member (
            channel_id {text} NOT NULL REFERENCES channel (id),
            principal_id {text} NOT NULL REFERENCES principal (id),
            ordinal {int} NOT NULL,
            joined_at {int} NOT NULL,
            PRIMARY KEY (channel_id, principal_id)
        ){strict};
        CREATE UNIQUE INDEX channel_member_order ON channel_member (channel_id, ordinal);
        CREATE INDEX channel_member_by_principal ON channel_member (principal_id, channel_id);

        CREATE TABLE audit (
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            seq {int} NOT NULL,
            id {text} NOT NULL,
            action {text} NOT NULL,
            actor_id {text} NOT NULL,
            target_id {text},
            request_id {text},
            details {text},
            at {int} NOT NULL,
            PRIMARY KEY (workspace_id, seq)
        ){strict};

        CREATE TABLE access_change (
            version {int} NOT NULL PRIMARY KEY,
            at {int} NOT NULL,
            kind {text} NOT NULL,
            workspace_id {text} NOT NULL,
            token_id {text},
            principal_id {text},
            channel_id {text}
        ){strict};
        CREATE TABLE access_version (
            version {int} NOT NULL
        ){strict};
        INSERT INTO access_version (version) VALUES (0);
        """;

    public static IReadOnlyList<Migration> All { get; } = [Step(1, "workspaces, principals, tokens, channels, audit", Tables)];

    private static Migration Step(int version, string name, string sql) =>
        new(
            Component,
            version,
            name,
            Sqlite: Write(sql, "TEXT", "INTEGER", "BLOB", " STRICT"),
            Postgres: Write(sql, "TEXT COLLATE \"C\"", "BIGINT", "BYTEA", "")
        );

    private static string Write(string sql, string text, string integer, string bytes, string strict) =>
        sql.Replace("{text}", text, StringComparison.Ordinal)
            .Replace("{int}", integer, StringComparison.Ordinal)
            .Replace("{bytes}", bytes, StringComparison.Ordinal)
            .Replace("{strict}", strict, StringComparison.Ordinal);
}
