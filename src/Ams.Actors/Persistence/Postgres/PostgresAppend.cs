using Ams.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Ams.Actors.Persistence.Postgres;

/// <summary>Batches as the arrays that <c>journal_append</c> takes: one round trip for all of them.</summary>
/// <remarks>What can be seen without the database is settled here: a channel twice in one commit, a key twice in one batch.</remarks>
internal sealed class PostgresAppend
{
    private const string Call =
        "SELECT journal_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
        + "$24, $25, $26, $27, $28)";

    private readonly AppendStatus[] _statuses;
    private readonly List<int> _sent = [];
    private readonly List<NpgsqlParameter> _parameters;

    public PostgresAppend(IReadOnlyList<AppendBatch> batches, ShardTerms terms)
    {
        _statuses = new AppendStatus[batches.Count];
        var channels = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < batches.Count; i++)
        {
            if (channels.Add(batches[i].PersistenceId) && !HasKeyTwice(batches[i]))
                _sent.Add(i);
            else
                _statuses[i] = AppendStatus.Conflict;
        }
        _parameters = Parameters([.. _sent.Select(i => batches[i])], terms);
    }

    /// <summary>False when everything was settled without the database.</summary>
    public bool HasWork => _sent.Count > 0;

    /// <summary>The call.</summary>
    /// <param name="careful">Looks for taken keys first, so that they fail their own batch alone.</param>
    public NpgsqlCommand Command(NpgsqlConnection connection, bool careful)
    {
        var command = new NpgsqlCommand(Call, connection) { CommandTimeout = 0 };
        foreach (var parameter in _parameters)
            command.Parameters.Add(parameter.Clone());
        command.Parameters[1].Value = careful;
        return command;
    }

    /// <summary>The statuses as the function gave them.</summary>
    public AppendStatus[] Settle(int[] given)
    {
        for (var i = 0; i < _sent.Count; i++)
            _statuses[_sent[i]] = given[i] switch
            {
                0 => AppendStatus.Committed,
                1 => AppendStatus.Fenced,
                2 => AppendStatus.Conflict,
                var other => throw new InvalidOperationException($"journal_append gave the status {other}."),
            };
        return _statuses;
    }

    /// <summary>One status for everything that was to be sent.</summary>
    public AppendStatus[] SettleAll(AppendStatus status)
    {
        foreach (var i in _sent)
            _statuses[i] = status;
        return _statuses;
    }

    private static bool HasKeyTwice(AppendBatch batch)
    {
        if (batch.Events.Count < 2)
            return false;
        var keys = new HashSet<(string, string)>();
        return batch.Events.Any(e => e.IdempotencyKey is { } key && !keys.Add((e.PrincipalId, key)));
    }

    private static List<NpgsqlParameter> Parameters(AppendBatch[] batches, ShardTerms terms)
    {
        var shards = Array.ConvertAll(batches, b => terms.Shards.Of(b.PersistenceId));
        var events = new EventColumns(batches.Sum(b => b.Events.Count));
        var messages = batches
            .SelectMany((b, i) => b.Messages.Select(m => (Batch: i + 1, m.MessageSeq, m.Deleted, m.Body)))
            .ToArray();
        var rewrites = batches.SelectMany((b, i) => b.Rewrites.Select(r => (Batch: i + 1, r.SequenceNr, r.Body))).ToArray();
        var created = new long[batches.Length];
        for (var i = 0; i < batches.Length; i++)
        {
            foreach (var e in batches[i].Events)
            {
                if (e.Type == EventTypes.MessageCreated)
                    created[i]++;
                events.Add(i + 1, e, created[i]);
            }
        }
        return
        [
            Text(terms.Incarnation),
            new NpgsqlParameter<bool> { NpgsqlDbType = NpgsqlDbType.Boolean },
            Of(NpgsqlDbType.Integer, shards),
            Of(NpgsqlDbType.Bigint, batches.Select((b, i) => terms.Of(shards[i], b)).ToArray()),
            Of(NpgsqlDbType.Text, Array.ConvertAll(batches, b => b.PersistenceId)),
            Of(NpgsqlDbType.Bigint, Array.ConvertAll(batches, b => b.ExpectedHead)),
            Of(NpgsqlDbType.Bigint, Array.ConvertAll(batches, b => b.ExpectedHead + b.Events.Count)),
            Of(
                NpgsqlDbType.Bigint,
                Array.ConvertAll(batches, b => b.Events.Count == 0 ? 0 : b.Events[^1].CreatedAt.ToUnixTimeMilliseconds())
            ),
            Of(NpgsqlDbType.Bigint, created),
            .. events.Parameters(),
            Of(NpgsqlDbType.Integer, Array.ConvertAll(messages, m => m.Batch)),
            Of(NpgsqlDbType.Bigint, Array.ConvertAll(messages, m => m.MessageSeq)),
            Of(NpgsqlDbType.Boolean, Array.ConvertAll(messages, m => m.Deleted)),
            Of(NpgsqlDbType.Bytea, Array.ConvertAll(messages, m => m.Body)),
            Of(NpgsqlDbType.Integer, Array.ConvertAll(rewrites, r => r.Batch)),
            Of(NpgsqlDbType.Bigint, Array.ConvertAll(rewrites, r => r.SequenceNr)),
            Of(NpgsqlDbType.Bytea, Array.ConvertAll(rewrites, r => r.Body)),
        ];
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Of<T>(NpgsqlDbType element, T[] values) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };

    private sealed class EventColumns(int count)
    {
        private readonly Dictionary<string, int> _principals = new(StringComparer.Ordinal);
        private readonly int[] _batch = new int[count];
        private readonly long[] _seq = new long[count];
        private readonly long[] _at = new long[count];
        private readonly int[] _principal = new int[count];
        private readonly long[] _messageSeq = new long[count];
        private readonly long?[] _thread = new long?[count];
        private readonly long[] _messages = new long[count];
        private readonly string[] _type = new string[count];
        private readonly string?[] _key = new string?[count];
        private readonly ReadOnlyMemory<byte>[] _fingerprint = new ReadOnlyMemory<byte>[count];
        private readonly ReadOnlyMemory<byte>[] _body = new ReadOnlyMemory<byte>[count];
        private int _next;

        public void Add(int batch, JournalEvent e, long messages)
        {
            if (!_principals.TryGetValue(e.PrincipalId, out var principal))
                _principals[e.PrincipalId] = principal = _principals.Count + 1;
            var i = _next++;
            _batch[i] = batch;
            _seq[i] = e.SequenceNr;
            _at[i] = e.CreatedAt.ToUnixTimeMilliseconds();
            _principal[i] = principal;
            _messageSeq[i] = e.MessageSeq;
            _thread[i] = e.Thread;
            _messages[i] = messages;
            _type[i] = e.Type;
            _key[i] = e.IdempotencyKey;
            _fingerprint[i] = e.Fingerprint;
            _body[i] = e.Body;
        }

        public IEnumerable<NpgsqlParameter> Parameters() =>
            [
                Of(NpgsqlDbType.Text, _principals.Keys.ToArray()),
                Of(NpgsqlDbType.Integer, _batch),
                Of(NpgsqlDbType.Bigint, _seq),
                Of(NpgsqlDbType.Bigint, _at),
                Of(NpgsqlDbType.Integer, _principal),
                Of(NpgsqlDbType.Bigint, _messageSeq),
                Of(NpgsqlDbType.Bigint, _thread),
                Of(NpgsqlDbType.Bigint, _messages),
                Of(NpgsqlDbType.Text, _type),
                Of(NpgsqlDbType.Text, _key),
                Of(NpgsqlDbType.Bytea, _fingerprint),
                Of(NpgsqlDbType.Bytea, _body),
            ];
    }
}
