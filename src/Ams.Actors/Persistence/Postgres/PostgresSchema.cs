namespace Ams.Actors.Persistence.Postgres;

/// <summary>The journal's tables in PostgreSQL, and the functions that work on them in one round trip.</summary>
/// <remarks>
/// As in SQLite, channels and principals stand as small integers. Here rows may move, so an erasure replaces the body where it stands and a changed
/// message is one row; the old bytes are dead rows until VACUUM, which these tables call for early (docs/operations-postgresql.md).
/// Bodies are never compressed: they are spliced into answers as they are.
/// </remarks>
internal static class PostgresSchema
{
    public const string Tables1 = """
        CREATE TABLE journal_store (
            id integer PRIMARY KEY CHECK (id = 1),
            incarnation text NOT NULL,
            shard_count integer NOT NULL,
            system_identifier bigint NOT NULL,
            timeline integer NOT NULL
        );

        CREATE TABLE node (
            incarnation text PRIMARY KEY,
            address text,
            state text NOT NULL CHECK (state IN ('alive', 'left', 'dead')),
            joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        -- Every commit locks the rows of its shards, which makes new versions of them: there is room for those on the page.
        CREATE TABLE shard (
            id integer PRIMARY KEY,
            owner text,
            term bigint NOT NULL
        ) WITH (fillfactor = 20);

        CREATE TABLE journal_channel (
            channel bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            channel_id text COLLATE "C" NOT NULL UNIQUE,
            head bigint NOT NULL,
            last_created_at bigint NOT NULL,
            message_count bigint NOT NULL,
            first_available bigint NOT NULL
        ) WITH (fillfactor = 50);

        CREATE TABLE journal_principal (
            principal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            principal_id text COLLATE "C" NOT NULL UNIQUE
        );

        CREATE TABLE journal (
            channel bigint NOT NULL,
            seq bigint NOT NULL,
            term bigint NOT NULL,
            created_at bigint NOT NULL,
            principal bigint NOT NULL,
            message_seq bigint NOT NULL,
            thread bigint,
            message_count bigint NOT NULL,
            type text COLLATE "C" NOT NULL,
            idempotency_key text COLLATE "C",
            fingerprint bytea NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (channel, seq)
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
                toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000);
        ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;
        CREATE UNIQUE INDEX journal_key ON journal (channel, principal, idempotency_key) WHERE idempotency_key IS NOT NULL;
        CREATE INDEX journal_messages ON journal (channel, seq) WHERE message_seq = seq;
        CREATE INDEX journal_thread ON journal (channel, thread, seq) WHERE thread IS NOT NULL;
        CREATE INDEX journal_edits ON journal (channel, message_seq, seq) WHERE type = 'message.edited';

        CREATE TABLE journal_message (
            channel bigint NOT NULL,
            message_seq bigint NOT NULL,
            deleted boolean NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (channel, message_seq)
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
                toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000);
        ALTER TABLE journal_message ALTER COLUMN body SET STORAGE EXTERNAL;
        """;

    /// <summary>Appends batches of several channels; each gets a status of its own: 0 committed, 1 fenced, 2 conflict.</summary>
    /// <remarks>
    /// b_: a batch an element. e_, m_, r_: an event, changed message, rewrite an element; e_batch and so on are 1-based.
    /// The steps are statements of their own, not one query: after a wait for a lock, only the next statement sees what the lock was waited for.
    /// FOR SHARE, since a takeover passes FOR KEY SHARE. With the shard locked this node is the channel's only writer, so what is found stays true.
    /// A taken key breaks the unique index, which fails the whole call and writes nothing; the caller then sets p_careful, which finds the batch that it is.
    /// The planner's settings make each step walk indexes from the batch's side, whatever the statistics were when the plan was made.
    /// </remarks>
    public const string Append1 = """
        CREATE FUNCTION journal_append(
            p_owner text, p_careful boolean,
            b_shard integer[], b_term bigint[], b_channel_id text[], b_head bigint[], b_new_head bigint[], b_last_at bigint[], b_messages bigint[],
            p_principal_id text[],
            e_batch integer[], e_seq bigint[], e_at bigint[], e_principal integer[], e_message_seq bigint[], e_thread bigint[], e_messages bigint[],
            e_type text[], e_key text[], e_fingerprint bytea[], e_body bytea[],
            m_batch integer[], m_seq bigint[], m_deleted boolean[], m_body bytea[],
            r_batch integer[], r_seq bigint[], r_body bytea[]
        ) RETURNS integer[]
        LANGUAGE plpgsql
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
        AS $function$
        DECLARE
            v_status integer[];
            v_channel bigint[];
            v_messages bigint[];
            v_principal bigint[];
            v_batch integer;
            v_expected bigint;
            v_done bigint;
        BEGIN
            PERFORM 1 FROM shard s WHERE s.id = ANY (b_shard) ORDER BY s.id FOR SHARE;
            SELECT array_agg(CASE WHEN s.owner = p_owner AND s.term = b.term THEN 0 ELSE 1 END ORDER BY b.n)
                INTO v_status
                FROM unnest(b_shard, b_term) WITH ORDINALITY b (shard, term, n) LEFT JOIN shard s ON s.id = b.shard;

            SELECT array_agg(c.channel ORDER BY b.n), array_agg(coalesce(c.message_count, 0) ORDER BY b.n),
                    array_agg(CASE WHEN b.status = 0 AND coalesce(c.head, 0) <> b.head THEN 2 ELSE b.status END ORDER BY b.n)
                INTO v_channel, v_messages, v_status
                FROM unnest(b_channel_id, b_head, v_status) WITH ORDINALITY b (channel_id, head, status, n)
                LEFT JOIN journal_channel c ON c.channel_id = b.channel_id;
            IF array_position(v_status, 0) IS NULL THEN
                RETURN v_status;
            END IF;
            IF array_position(v_channel, NULL) IS NOT NULL THEN
                INSERT INTO journal_channel (channel_id, head, last_created_at, message_count, first_available)
                    SELECT b.channel_id, 0, 0, 0, 1 FROM unnest(b_channel_id, v_channel, v_status) b (channel_id, channel, status)
                    WHERE b.channel IS NULL AND b.status = 0;
                SELECT array_agg(c.channel ORDER BY b.n) INTO v_channel
                    FROM unnest(b_channel_id) WITH ORDINALITY b (channel_id, n)
                    LEFT JOIN journal_channel c ON c.channel_id = b.channel_id;
            END IF;

            SELECT array_agg(p.principal ORDER BY k.n) INTO v_principal
                FROM unnest(p_principal_id) WITH ORDINALITY k (principal_id, n)
                LEFT JOIN journal_principal p ON p.principal_id = k.principal_id;
            IF array_position(v_principal, NULL) IS NOT NULL THEN
                INSERT INTO journal_principal (principal_id)
                    SELECT k.principal_id FROM unnest(p_principal_id, v_principal) k (principal_id, principal)
                    WHERE k.principal IS NULL ORDER BY k.principal_id
                    ON CONFLICT DO NOTHING;
                SELECT array_agg(p.principal ORDER BY k.n) INTO v_principal
                    FROM unnest(p_principal_id) WITH ORDINALITY k (principal_id, n)
                    LEFT JOIN journal_principal p ON p.principal_id = k.principal_id;
            END IF;

            IF p_careful THEN
                FOR v_batch IN
                    SELECT e.batch FROM unnest(e_batch, e_principal, e_key) e (batch, principal, key)
                        JOIN journal j ON j.channel = v_channel[e.batch] AND j.principal = v_principal[e.principal] AND j.idempotency_key = e.key
                        WHERE v_status[e.batch] = 0
                    UNION
                    SELECT r.batch FROM unnest(r_batch, r_seq) r (batch, seq)
                        LEFT JOIN journal j ON j.channel = v_channel[r.batch] AND j.seq = r.seq
                        WHERE v_status[r.batch] = 0 AND j.seq IS NULL
                            AND NOT (r.seq > b_head[r.batch] AND r.seq <= b_new_head[r.batch])
                LOOP
                    v_status[v_batch] := 2;
                END LOOP;
            END IF;

            IF cardinality(e_seq) > 0 THEN
                INSERT INTO journal (channel, seq, term, created_at, principal, message_seq, thread, message_count, type,
                        idempotency_key, fingerprint, body)
                    SELECT v_channel[e.batch], e.seq, b_term[e.batch], e.at, v_principal[e.principal], e.message_seq, e.thread,
                        v_messages[e.batch] + e.messages, e.type, e.key, e.fingerprint, e.body
                    FROM unnest(e_batch, e_seq, e_at, e_principal, e_message_seq, e_thread, e_messages, e_type, e_key, e_fingerprint, e_body)
                        e (batch, seq, at, principal, message_seq, thread, messages, type, key, fingerprint, body)
                    WHERE v_status[e.batch] = 0;
                SELECT count(*) INTO v_expected FROM unnest(v_status, b_head, b_new_head) b (status, head, new_head)
                    WHERE b.status = 0 AND b.new_head > b.head;
                UPDATE journal_channel c SET head = b.new_head, last_created_at = b.last_at, message_count = c.message_count + b.messages
                    FROM unnest(v_channel, v_status, b_head, b_new_head, b_last_at, b_messages) b (channel, status, head, new_head, last_at, messages)
                    WHERE b.status = 0 AND b.new_head > b.head AND c.channel = b.channel AND c.head = b.head;
                GET DIAGNOSTICS v_done = ROW_COUNT;
                IF v_done <> v_expected THEN
                    RAISE EXCEPTION 'a head moved under the lock of its shard' USING ERRCODE = 'internal_error';
                END IF;
            END IF;

            IF cardinality(m_seq) > 0 THEN
                INSERT INTO journal_message (channel, message_seq, deleted, body)
                    SELECT v_channel[m.batch], m.seq, m.deleted, m.body
                    FROM unnest(m_batch, m_seq, m_deleted, m_body) m (batch, seq, deleted, body)
                    WHERE v_status[m.batch] = 0
                    ON CONFLICT (channel, message_seq) DO UPDATE SET deleted = excluded.deleted, body = excluded.body;
            END IF;
            IF cardinality(r_seq) > 0 THEN
                SELECT count(*) INTO v_expected FROM unnest(r_batch) r (batch) WHERE v_status[r.batch] = 0;
                UPDATE journal j SET body = r.body FROM unnest(r_batch, r_seq, r_body) r (batch, seq, body)
                    WHERE v_status[r.batch] = 0 AND j.channel = v_channel[r.batch] AND j.seq = r.seq;
                GET DIAGNOSTICS v_done = ROW_COUNT;
                IF v_done <> v_expected THEN
                    RAISE EXCEPTION 'a rewrite of an event that is not there' USING ERRCODE = 'unique_violation';
                END IF;
            END IF;
            RETURN v_status;
        END
        $function$;
        """;

    /// <summary>The number of the last event at or before a time. Times never go back along a log, so it is found by halving, over the index there is.</summary>
    public const string SeqAt1 = """
        CREATE FUNCTION journal_seq_at(p_channel_id text, p_at bigint) RETURNS bigint
        LANGUAGE plpgsql STABLE
        AS $function$
        DECLARE
            v_channel bigint;
            v_first bigint;
            v_low bigint;
            v_high bigint;
            v_middle bigint;
            v_created_at bigint;
        BEGIN
            SELECT channel, first_available, first_available - 1, head INTO v_channel, v_first, v_low, v_high
                FROM journal_channel WHERE channel_id = p_channel_id;
            IF NOT FOUND THEN
                RETURN 0;
            END IF;
            WHILE v_low < v_high LOOP
                v_middle := v_low + (v_high - v_low + 1) / 2;
                SELECT created_at INTO STRICT v_created_at FROM journal WHERE channel = v_channel AND seq = v_middle;
                IF v_created_at <= p_at THEN
                    v_low := v_middle;
                ELSE
                    v_high := v_middle - 1;
                END IF;
            END LOOP;
            RETURN CASE WHEN v_low < v_first THEN 0 ELSE v_low END;
        END
        $function$;
        """;
}
