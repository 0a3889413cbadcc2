using Ams.Actors.Persistence.Postgres;
using Ams.Actors.Storage;

namespace Ams.Actors.Persistence;

/// <summary>The journal's tables.</summary>
/// <remarks>
/// Channels and principals stand as small integers, so that index entries are short. Events go in at the end of one table, whichever channel they are of: an
/// insert touches the last page, and <b>no event row ever moves or changes its size</b>. An erasure blanks the bytes where they stand and puts the new ones
/// into <c>journal_rewrite</c>; a message that changed stands in a <c>journal_slot</c> with room to grow, overwritten in place and blanked when outgrown. If rows
/// could move from page to page, SQLite would leave copies of them in the free space of pages, which secure_delete does not reach.
/// </remarks>
internal static class JournalSchema
{
    public const string Component = "journal";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(
            Component,
            1,
            "events, heads, changed messages",
            Sqlite1,
            PostgresSchema.Tables1 + PostgresSchema.Append1 + PostgresSchema.SeqAt1
        ),
    ];

    private const string Sqlite1 = """
        CREATE TABLE journal_store (
            id integer PRIMARY KEY CHECK (id = 1),
            incarnation text NOT NULL
        );

        CREATE TABLE journal_channel (
            channel integer PRIMARY KEY,
            channel_id text NOT NULL UNIQUE,
            head integer NOT NULL,
            last_created_at integer NOT NULL,
            message_count integer NOT NULL,
            first_available integer NOT NULL
        );

        CREATE TABLE journal_principal (
            principal integer PRIMARY KEY,
            principal_id text NOT NULL UNIQUE
        );

        CREATE TABLE journal (
            id integer PRIMARY KEY,
            channel integer NOT NULL,
            seq integer NOT NULL,
            term integer NOT NULL,
            created_at integer NOT NULL,
            principal integer NOT NULL,
            message_seq integer NOT NULL,
            thread integer,
            message_count integer NOT NULL,
            type text NOT NULL,
            idempotency_key text,
            fingerprint blob,
            body blob NOT NULL
        );
        CREATE UNIQUE INDEX journal_seq ON journal (channel, seq);
        CREATE UNIQUE INDEX journal_key ON journal (channel, principal, idempotency_key) WHERE idempotency_key IS NOT NULL;
        CREATE INDEX journal_messages ON journal (channel, seq) WHERE message_seq = seq;
        CREATE INDEX journal_thread ON journal (channel, thread, seq) WHERE thread IS NOT NULL;
        CREATE INDEX journal_edits ON journal (channel, message_seq, seq) WHERE type = 'message.edited';

        CREATE TABLE journal_rewrite (
            channel integer NOT NULL,
            seq integer NOT NULL,
            body blob NOT NULL,
            PRIMARY KEY (channel, seq)
        ) WITHOUT ROWID;

        CREATE TABLE journal_message (
            channel integer NOT NULL,
            message_seq integer NOT NULL,
            deleted integer NOT NULL,
            slot integer NOT NULL,
            PRIMARY KEY (channel, message_seq)
        ) WITHOUT ROWID;

        CREATE TABLE journal_slot (
            slot integer PRIMARY KEY,
            body blob NOT NULL
        );
        """;
}
