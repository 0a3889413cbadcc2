using Ams.Actors.Persistence;
using Ams.Actors.Runtime;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>The rules of posting a batch: all or none, in order; every fault is told by index. First all keys are judged, then all replies, then the archive.</summary>
internal static class BatchRules
{
    public static Decision Decide(ChannelState state, PostBatch batch, ChannelFacts facts, DateTimeOffset at, IIdGenerator ids)
    {
        var plan = new Plan(state, batch, facts);
        if (plan.JudgeKeys() is { } reused)
            return new Decision(new Refused(reused));
        if (plan.JudgeConditions() is { } condition)
            return new Decision(new Refused(condition));
        if (plan.JudgeReplies() is { } invalid)
            return new Decision(new Refused(invalid));
        if (plan.NewCount > 0 && batch.Policy.Archived)
            return new Decision(new Refused(KeyRules.Archived));
        return plan.Carry(at, ids);
    }

    private sealed class Plan(ChannelState state, PostBatch batch, ChannelFacts facts)
    {
        private readonly IReadOnlyList<MessageDraft> _drafts = batch.Drafts;
        private readonly JournalEvent?[] _earlier = new JournalEvent?[batch.Drafts.Count];
        private readonly int[] _sameAs = new int[batch.Drafts.Count];
        private readonly long?[] _threads = new long?[batch.Drafts.Count];

        public int NewCount { get; private set; }

        public Refusal? JudgeKeys()
        {
            Faults faults = new();
            var firstUse = new Dictionary<string, int>(_drafts.Count, StringComparer.Ordinal);
            for (var i = 0; i < _drafts.Count; i++)
            {
                var key = _drafts[i].Key;
                _sameAs[i] = i;
                var verdict = KeyRules.Judge(facts, batch.Author.Id, key, EventTypes.MessageCreated, messageSeq: null);
                _earlier[i] = verdict.Earlier;
                if (verdict.Refusal is { } refusal)
                    faults.Add($"messages[{i}].idempotency_key", refusal.Detail);
                else if (firstUse.TryAdd(key.Value, i))
                    NewCount += verdict.Earlier is null ? 1 : 0;
                else if (_drafts[firstUse[key.Value]].Key.Fingerprint.Span.SequenceEqual(key.Fingerprint.Span))
                    _sameAs[i] = firstUse[key.Value];
                else
                    faults.Add($"messages[{i}].idempotency_key", KeyRules.Reused(key).Detail);
            }
            return faults.ToRefusal(ErrorCodes.IdempotencyKeyReused);
        }

        public Refusal? JudgeConditions()
        {
            for (var i = 0; i < _drafts.Count; i++)
            {
                if (IsNew(i) && ConditionRules.Judge(_drafts[i], $"messages[{i}].") is { } condition)
                    return condition;
            }
            return null;
        }

        public Refusal? JudgeReplies()
        {
            Faults faults = new();
            var threadsOfBatch = new List<long?>(NewCount);
            for (var i = 0; i < _drafts.Count; i++)
            {
                if (!IsNew(i))
                    continue;
                var replyTo = _drafts[i].ReplyTo;
                if (replyTo > state.Head && replyTo - state.Head <= threadsOfBatch.Count)
                    _threads[i] = threadsOfBatch[(int)(replyTo.Value - state.Head) - 1] ?? replyTo;
                else if (!PostRules.TryFindThread(replyTo, facts, out _threads[i]))
                    faults.Add($"messages[{i}].reply_to", PostRules.NoSuchMessage(replyTo));
                threadsOfBatch.Add(_threads[i]);
            }
            return faults.ToRefusal(ErrorCodes.InvalidRequest);
        }

        public Decision Carry(DateTimeOffset at, IIdGenerator ids)
        {
            var events = new List<JournalEvent>(NewCount);
            var replies = new Committed[_drafts.Count];
            for (var i = 0; i < _drafts.Count; i++)
            {
                if (_earlier[i] is { } earlier)
                    replies[i] = PostRules.Replayed(earlier);
                else if (_sameAs[i] != i)
                    replies[i] = replies[_sameAs[i]] with { Replayed = true };
                else
                {
                    var stamp = new EventStamp(state.ChannelId, state.Head + events.Count + 1, batch.Author, at);
                    events.Add(PostRules.Create(stamp, _drafts[i], _threads[i], ids, out replies[i]));
                }
            }
            return new Decision(new BatchCommitted(replies)) { Events = events };
        }

        private bool IsNew(int i) => _earlier[i] is null && _sameAs[i] == i;
    }

    private sealed class Faults
    {
        private Dictionary<string, string[]>? _errors;

        public void Add(string member, string sentence) =>
            (_errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal))[member] = [sentence];

        public Refusal? ToRefusal(ErrorCode code) =>
            _errors is null
                ? null
                : new Refusal(
                    code,
                    "Nothing of the batch was stored: mend the messages that errors names, then send all of it again."
                )
                {
                    Errors = _errors,
                };
    }
}
