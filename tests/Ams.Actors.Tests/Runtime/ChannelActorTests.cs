using System.Text;
using System.Text.Json;
using Ams.Actors.Channels;
using Ams.TestKit;
using static Ams.TestKit.Commands;

namespace Ams.Actors.Tests.Runtime;

public sealed class ChannelActorTests
{
    private const string Channel = "chn_1";

    [Fact]
    public async Task A_post_is_answered_with_the_bytes_that_the_log_holds()
    {
        await using var engine = new Engine();
        var reply = await engine.CommitAsync(Post(Channel, "k1", "deploy started", payload: """{"run":17}"""));
        reply.ChannelSeq.ShouldBe(1);
        reply.Replayed.ShouldBeFalse();
        engine.Store.Events(Channel)[0].Body.ToArray().ShouldBe(reply.Body.ToArray());
        Encoding
            .UTF8.GetString(reply.Body.Span)
            .ShouldBe(
                $$$"""{"type":"message.created","channel_id":"chn_1","channel_seq":1,"id":"{{{reply.MessageId}}}","author":{"id":"prn_ada","name":"Ada","kind":"agent"},"created_at":"2026-11-22T08:00:00.123Z","text":"deploy started","payload":{"run":17}}"""
            );
    }

    [Fact]
    public async Task The_same_key_after_a_restart_gives_the_same_event()
    {
        var store = new InMemoryJournal();
        Committed first;
        await using (var engine = new Engine(store))
            first = await engine.CommitAsync(Post(Channel, "k1", "once"));
        await using var next = new Engine(store);
        var again = await next.CommitAsync(Post(Channel, "k1", "once"));
        again.ShouldBe(first with { Replayed = true, Body = again.Body });
        again.Body.ToArray().ShouldBe(first.Body.ToArray());
        (await next.RefusalAsync(Post(Channel, "k1", "twice"))).ShouldBe("idempotency_key_reused");
        store.Events(Channel).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_while_the_first_is_in_flight_gives_both_the_same_message()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var first = engine.CommitAsync(Post(Channel, "k1", "once"));
        await Eventually.HoldsAsync(() => engine.Journal.Appends == 1, "the first append is under way");
        var second = engine.CommitAsync(Post(Channel, "k1", "once"));
        second.IsCompleted.ShouldBeFalse();
        engine.Journal.Open();
        (await second).MessageId.ShouldBe((await first).MessageId);
        (await second).Replayed.ShouldBeTrue();
        engine.Store.Events(Channel).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_during_a_commit_goes_into_the_next_one_together_and_in_order()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var first = engine.CommitAsync(Post(Channel, "first", "first"));
        await Eventually.HoldsAsync(() => engine.Journal.Appends == 1, "the first append is under way");
        var others = Enumerable.Range(0, 100).Select(i => engine.CommitAsync(Post(Channel, $"k{i}", $"{i}"))).ToArray();
        engine.Journal.Open();
        await first;
        (await Task.WhenAll(others)).Select(reply => reply.ChannelSeq).ShouldBe(Enumerable.Range(2, 100).Select(i => (long)i));
        engine.Store.Commits.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_answered_before_its_commit()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var ask = engine.CommitAsync(Post(Channel, "k1", "x"));
        await Eventually.HoldsAsync(() => engine.Journal.Appends == 1, "the append is under way");
        ask.IsCompleted.ShouldBeFalse();
        engine.Journal.Open();
        await ask;
    }

    [Theory]
    [InlineData(AppendFault.Unavailable, "store_unavailable", false)]
    [InlineData(AppendFault.InDoubtWritten, "store_unavailable", true)]
    [InlineData(AppendFault.InDoubtLost, "store_unavailable", false)]
    [InlineData(AppendFault.Fenced, "shard_moving", false)]
    public async Task After_a_commit_that_failed_or_may_have_failed_the_key_decides(AppendFault fault, string code, bool written)
    {
        await using var engine = new Engine();
        await engine.CommitAsync(Post(Channel, "k0", "zero"));
        engine.Journal.Next(fault);
        (await engine.RefusalAsync(Post(Channel, "k1", "one"))).ShouldBe(code);
        var again = await engine.CommitAsync(Post(Channel, "k1", "one"));
        again.ChannelSeq.ShouldBe(2);
        again.Replayed.ShouldBe(written);
        engine.Store.Events(Channel).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_conflict_is_decided_again_on_what_is_really_there()
    {
        await using var engine = new Engine();
        await using var other = new Engine(engine.Store);
        await engine.CommitAsync(Post(Channel, "k1", "mine"));
        await other.CommitAsync(Post(Channel, "k2", "theirs"));
        (await engine.CommitAsync(Post(Channel, "k3", "mine again"))).ChannelSeq.ShouldBe(3);
        (await engine.CommitAsync(Post(Channel, "k2", "theirs"))).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_conflict_that_does_not_end_is_told_to_the_caller()
    {
        await using var engine = new Engine(options: new AmsActorsOptions { ConflictRetries = 2 });
        engine.Journal.Next(AppendFault.Conflict, AppendFault.Conflict, AppendFault.Conflict);
        (await engine.RefusalAsync(Post(Channel, "k1", "x"))).ShouldBe("store_unavailable");
        engine.Journal.Next(AppendFault.Conflict, AppendFault.Conflict);
        (await engine.CommitAsync(Post(Channel, "k1", "x"))).ChannelSeq.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_away_refuses_and_is_used_again_when_it_is_back()
    {
        await using var engine = new Engine();
        engine.Journal.Down = true;
        (await engine.RefusalAsync(Post(Channel, "k1", "x"))).ShouldBe("store_unavailable");
        engine.Journal.Down = false;
        (await engine.CommitAsync(Post(Channel, "k1", "x"))).ChannelSeq.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_that_no_rule_can_judge_does_not_take_its_neighbours_down()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var first = engine.CommitAsync(Post(Channel, "k1", "one"));
        await Eventually.HoldsAsync(() => engine.Journal.Appends == 1, "the first append is under way");
        var before = engine.CommitAsync(Post(Channel, "k2", "two"));
        var poison = engine.AskAsync(new Poison(Channel));
        var after = engine.CommitAsync(Post(Channel, "k3", "three"));
        engine.Journal.Open();
        await first;
        (await before).ChannelSeq.ShouldBe(2);
        (await after).ChannelSeq.ShouldBe(3);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(poison);
    }

    [Fact]
    public async Task Deleting_erases_the_content_from_the_log_and_from_memory()
    {
        await using var engine = new Engine();
        await engine.CommitAsync(Post(Channel, "k1", "secret one", payload: """{"secret":1}"""));
        await engine.CommitAsync(Edit(Channel, 1, "secret two", key: "k2"));
        await engine.CommitAsync(Delete(Channel, 1, by: Mod));
        foreach (var e in engine.Store.Events(Channel))
            Encoding.UTF8.GetString(e.Body.Span).ShouldNotContain("secret");

        var replayed = await engine.CommitAsync(Post(Channel, "k1", "secret one", payload: """{"secret":1}"""));
        using var json = JsonDocument.Parse(replayed.Body);
        json.RootElement.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("text").GetString().ShouldBe("");
        var edit = await engine.CommitAsync(Edit(Channel, 1, "secret two", key: "k2"));
        Encoding.UTF8.GetString(edit.Body.Span).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_delete_that_comes_in_the_same_turn_as_its_message_erases_it_too()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var first = engine.CommitAsync(Post(Channel, "k1", "first"));
        await Eventually.HoldsAsync(() => engine.Journal.Appends == 1, "the first append is under way");
        var post = engine.CommitAsync(Post(Channel, "k2", "secret"));
        var edit = engine.CommitAsync(Edit(Channel, 2, "secret too"));
        var delete = engine.CommitAsync(Delete(Channel, 2));
        var after = engine.CommitAsync(Post(Channel, "k3", "after"));
        engine.Journal.Open();
        await Task.WhenAll(first, post, edit);
        (await delete).ChannelSeq.ShouldBe(4);
        (await after).ChannelSeq.ShouldBe(5);
        foreach (var e in engine.Store.Events(Channel))
            Encoding.UTF8.GetString(e.Body.Span).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_full_mailbox_refuses_one_more_and_no_one_else()
    {
        await using var engine = new Engine(options: new AmsActorsOptions { MailboxAsksMax = 10 });
        engine.Journal.Close();
        var asks = Enumerable.Range(0, 11).Select(i => engine.AskAsync(Post(Channel, $"k{i}", "x"))).ToArray();
        ((await asks[10]) as Refused)!.Refusal.Code.Code.ShouldBe("store_unavailable");
        engine.Journal.Open();
        (await Task.WhenAll(asks[..10])).ShouldAllBe(reply => reply is Committed);
        await engine.CommitAsync(Post(Channel, "k10", "x"));
    }

    [Fact]
    public async Task One_command_over_the_bytes_of_a_mailbox_still_goes_into_an_empty_one()
    {
        await using var engine = new Engine(options: new AmsActorsOptions { MailboxBytesMax = 10 });
        engine.Journal.Close();
        var large = engine.CommitAsync(Post(Channel, "k1", "more than ten bytes"));
        (await engine.RefusalAsync(Post(Channel, "k2", "x"))).ShouldBe("store_unavailable");
        engine.Journal.Open();
        await large;
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_stops_nothing_else()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        using var cancel = new CancellationTokenSource();
        var ask = engine.System.Region.AskAsync(Post(Channel, "k1", "x"), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(ask);
        engine.Journal.Open();
        (await engine.CommitAsync(Post(Channel, "k1", "x"))).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stop_answers_what_was_accepted_and_then_refuses()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var accepted = Enumerable.Range(0, 20).Select(i => engine.CommitAsync(Post($"chn_{i % 5}", $"k{i}", "x"))).ToArray();
        var stop = engine.System.StopAsync(CancellationToken.None);
        (await engine.RefusalAsync(Post(Channel, "late", "x"))).ShouldBe("draining");
        stop.IsCompleted.ShouldBeFalse();
        engine.Journal.Open();
        await stop;
        accepted.ShouldAllBe(ask => ask.IsCompletedSuccessfully);
        engine.System.ActorCount.ShouldBe(0);
        (await engine.RefusalAsync(Post(Channel, "later", "x"))).ShouldBe("draining");
    }

    [Fact]
    public async Task An_idle_channel_leaves_memory_and_comes_back_where_it_was()
    {
        await using var engine = new Engine();
        await engine.CommitAsync(Post(Channel, "k1", "x"));
        engine.System.ActorCount.ShouldBe(1);
        // The reply comes before the turn has ended, and an actor in its turn is not idle: so the sweep may have to come again.
        await Eventually.HoldsAsync(
            () =>
            {
                engine.Time.Advance(TimeSpan.FromMinutes(3));
                return engine.System.ActorCount == 0;
            },
            "the actor is passivated"
        );
        (await engine.CommitAsync(Post(Channel, "k2", "y"))).ChannelSeq.ShouldBe(2);
        (await engine.CommitAsync(Post(Channel, "k1", "x"))).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_busy_channel_is_not_passivated()
    {
        await using var engine = new Engine();
        engine.Journal.Close();
        var ask = engine.CommitAsync(Post(Channel, "k1", "x"));
        engine.Time.Advance(TimeSpan.FromMinutes(3));
        engine.System.ActorCount.ShouldBe(1);
        engine.Journal.Open();
        await ask;
    }

    [Fact]
    public async Task A_clock_that_goes_back_does_not_take_the_log_with_it()
    {
        var store = new InMemoryJournal();
        await using (var engine = new Engine(store))
        {
            engine.Time.Advance(TimeSpan.FromHours(1));
            await engine.CommitAsync(Post(Channel, "k1", "x"));
        }
        await using var next = new Engine(store);
        await next.CommitAsync(Post(Channel, "k2", "y"));
        store.Events(Channel)[1].CreatedAt.ShouldBe(store.Events(Channel)[0].CreatedAt);
    }

    [Fact]
    public async Task A_repeat_beyond_what_memory_keeps_is_found_in_the_journal()
    {
        await using var engine = new Engine(options: new AmsActorsOptions { RecentEventsMax = 16 });
        for (var i = 1; i <= 100; i++)
            await engine.CommitAsync(Post(Channel, $"k{i}", $"{i}"));
        (await engine.CommitAsync(Post(Channel, "k3", "3"))).ShouldSatisfyAllConditions(
            reply => reply.Replayed.ShouldBeTrue(),
            reply => reply.ChannelSeq.ShouldBe(3)
        );
        (await engine.CommitAsync(Post(Channel, "reply", "re", replyTo: 5))).ChannelSeq.ShouldBe(101);
    }

    private sealed record Poison(string ChannelId) : ChannelCommand(ChannelId, Ada, Open);
}
