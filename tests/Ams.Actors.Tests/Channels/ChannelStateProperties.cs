using System.Text.Json;
using Ams.Actors.Channels;
using Ams.Actors.Persistence;
using Ams.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static Ams.TestKit.Commands;

namespace Ams.Actors.Tests.Channels;

/// <summary>Laws of a channel, over random commands decided one after another, some of them in one turn, on a clock that jumps both ways.</summary>
public sealed class ChannelStateProperties
{
    private const string Channel = "chn_1";

    [Fact]
    public void Numbers_are_dense_and_times_never_go_back() =>
        ForAll(run =>
        {
            var log = run.Store.Events(Channel);
            return log.Select(e => e.SequenceNr).SequenceEqual(Enumerable.Range(1, log.Count).Select(i => (long)i))
                && log.Zip(log.Skip(1)).All(pair => pair.First.CreatedAt <= pair.Second.CreatedAt);
        });

    [Fact]
    public void A_key_stands_for_one_event_and_its_repeats_give_that_event() =>
        ForAll(run =>
        {
            var first = new Dictionary<(string, string), long>();
            foreach (var (command, reply) in run.Steps)
            {
                if (KeyOf(command) is not { } key || reply is not Committed committed)
                    continue;
                if (first.TryAdd((command.Author.Id, key), committed.ChannelSeq) == committed.Replayed)
                    return false;
                if (first[(command.Author.Id, key)] != committed.ChannelSeq)
                    return false;
            }
            return true;
        });

    [Fact]
    public void A_thread_is_the_number_that_its_chain_of_replies_starts_from() =>
        ForAll(run =>
        {
            var replies = run
                .Store.Events(Channel)
                .Where(e => e.Type == "message.created")
                .ToDictionary(e => e.SequenceNr, e => ReplyTo(e.Body));
            return run
                .Store.Events(Channel)
                .Where(e => e.Type == "message.created")
                .All(e => e.Thread == Root(replies, e.SequenceNr));
        });

    [Fact]
    public void A_batch_is_stored_whole_and_in_order_or_not_at_all() =>
        ForAll(run =>
            run.Steps.All(step =>
                (step.Command, step.Reply) switch
                {
                    (PostBatch batch, BatchCommitted all) => all.Items.Count == batch.Drafts.Count
                        && AreAscendingWhenNew(all.Items),
                    (PostBatch, Refused refused) => refused.Refusal.Errors is { Count: > 0 },
                    _ => true,
                }
            )
        );

    [Fact]
    public void What_is_decided_together_in_a_turn_is_what_would_be_decided_one_by_one() =>
        Prop.ForAll(
                Commands().ToArbitrary(),
                commands =>
                {
                    var together = Run.Of(commands, perTurn: 7);
                    var oneByOne = Run.Of(commands, perTurn: 1);
                    return Bodies(together).SequenceEqual(Bodies(oneByOne), StringComparer.Ordinal)
                        && Stands(together).SequenceEqual(Stands(oneByOne), StringComparer.Ordinal);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_tombstone_and_its_events_hold_nothing_of_the_content() =>
        ForAll(run =>
            run.Store.Events(Channel)
                .Where(e => e.Type is "message.created" or "message.edited")
                .Where(e => run.Store.Events(Channel).Any(d => d.Type == "message.deleted" && d.MessageSeq == e.MessageSeq))
                .All(e => IsErased(e.Body))
        );

    private static void ForAll(Func<Run, bool> law) =>
        Prop.ForAll(Commands().ToArbitrary(), commands => law(Run.Of(commands, perTurn: 5))).QuickCheckThrowOnFailure();

    private static Gen<ChannelCommand[]> Commands()
    {
        var authors = Gen.Elements(Ada, Ben, Mod);
        var key = Gen.Choose(1, 25).Select(i => $"k{i}");
        var text = Gen.Elements("", "one", "two", "\0", "\"\\\u2028𝄞");
        var seq = Gen.Choose(1, 30).Select(i => (long)i);
        var maybeSeq = Gen.OneOf(Gen.Constant((long?)null), seq.Select(s => (long?)s));
        var draft = from k in key from t in text from r in maybeSeq select Draft(k, t, """{"n":1.0}""", r);
        var post =
            from a in authors
            from k in key
            from t in text
            from r in maybeSeq
            select (ChannelCommand)Post(Channel, k, t, a, r, "{}");
        var batch = from a in authors from d in draft.NonEmptyListOf() select (ChannelCommand)Batch(Channel, a, [.. d.Take(5)]);
        var edit = from a in authors from k in key from t in text from s in seq select (ChannelCommand)Edit(Channel, s, t, a, k);
        var delete = from a in authors from k in key from s in seq select (ChannelCommand)Delete(Channel, s, a, k);
        var react =
            from a in authors
            from k in key
            from s in seq
            from e in Gen.Elements("+1", "🎉")
            from r in Gen.Elements(true, false)
            select (ChannelCommand)React(Channel, s, e, a, r, k);
        var command = Gen.Frequency((5, post), (1, batch), (2, edit), (1, delete), (2, react));
        return command.ArrayOf(40);
    }

    private static string? KeyOf(ChannelCommand command) =>
        command switch
        {
            PostMessage post => post.Draft.Key.Value,
            EditMessage { Key: { } key } => key.Value,
            DeleteMessage { Key: { } key } => key.Value,
            React { Key: { } key } => key.Value,
            _ => null,
        };

    private static bool AreAscendingWhenNew(IReadOnlyList<Committed> items)
    {
        var numbers = items.Where(item => !item.Replayed).Select(item => item.ChannelSeq).ToList();
        return numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1);
    }

    private static long? ReplyTo(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("reply_to", out var value) ? value.GetInt64() : null;
    }

    private static long? Root(Dictionary<long, long?> replies, long seq)
    {
        long? root = null;
        for (var at = replies[seq]; at is { } parent; at = replies[parent])
            root = parent;
        return root;
    }

    private static bool IsErased(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("deleted").GetBoolean()
            && json.RootElement.GetProperty("text").GetString()!.Length == 0
            && !json.RootElement.TryGetProperty("payload", out _);
    }

    private static IEnumerable<string> Bodies(Run run) => run.Store.Events(Channel).Select(e => Shape(e.Body));

    private static IEnumerable<string> Stands(Run run) => run.Store.Messages(Channel).Select(m => Shape(m.Body));

    // Ids and times differ between two runs; everything else must not.
    private static string Shape(ReadOnlyMemory<byte> body)
    {
        var members = JsonMembers.Parse(body).Without("id").Without("created_at").Without("edited_at").Without("deleted_at");
        return System.Text.Encoding.UTF8.GetString(members.ToBytes());
    }

    private sealed class Run
    {
        public InMemoryJournal Store { get; } = new();

        public List<(ChannelCommand Command, ChannelReply Reply)> Steps { get; } = [];

        public static Run Of(ChannelCommand[] commands, int perTurn)
        {
            var run = new Run();
            var clock = new Random(commands.Length);
            var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
            var ids = new SeededIdGenerator(1, time);
            var state = new ChannelState(Channel, 0, default);
            var recent = new RecentEvents(0, 16, int.MaxValue);
            var at = 0;
            while (at < commands.Length)
            {
                var turn = commands.Skip(at).Take(perTurn).ToList();
                var needs = new FactNeeds(recent);
                turn.ForEach(needs.Add);
                var facts = needs.LoadAsync(Channel, run.Store, CancellationToken.None).AsTask().Result;
                var decided = new Decided(state);
                foreach (var command in turn)
                {
                    if (command is DeleteMessage delete && facts.HasUncommittedContent(delete.MessageSeq))
                        break;
                    var now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + clock.Next(-1000, 1000));
                    var decision = decided.State.Decide(command, facts, now, ids);
                    decided.Add(decision);
                    facts.Apply(decision);
                    run.Steps.Add((command, decision.Reply));
                    at++;
                }
                if (!decided.IsEmpty)
                {
                    run.Store.Append(decided.ToBatch(Channel, term: 0, state.Head)).ShouldBe(AppendStatus.Committed);
                    decided.Remember(recent);
                }
                state = decided.State;
            }
            return run;
        }
    }
}
