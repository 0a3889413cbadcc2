using Ams.Actors.Persistence;
using Ams.Contracts;
using Shouldly;
using Xunit;

namespace Ams.TestKit.Persistence;

/// <summary>What every journal promises. A store's test class inherits it.</summary>
public abstract class JournalContract : IAsyncLifetime
{
    private StoreUnderTest _store = null!;

    /// <summary>Opens the store; opened again, after it was closed, it has what was committed.</summary>
    protected abstract Task<StoreUnderTest> OpenAsync();

    private IJournal Journal => _store.Journal;

    public async Task InitializeAsync() => _store = await OpenAsync();

    public virtual async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_log_without_events_recovers_to_zero() => (await Recover("chn_a")).Head.ShouldBe(0);

    [Fact]
    public async Task A_committed_batch_is_recovered_with_its_last_number_and_time()
    {
        await Commit(Logs.Messages("chn_a", 0, 3));

        (await Recover("chn_a")).ShouldBe(new RecoveredLog(3, Logs.Start.AddSeconds(3)));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1, key: "k")));

        await RestartAsync();

        (await Recover("chn_a")).Head.ShouldBe(1);
        (await Find("chn_a", "k")).ShouldNotBeNull();
        (await Append(Logs.Messages("chn_a", 1, 1))).ShouldBe(AppendStatus.Committed);
    }

    [Fact]
    public async Task A_second_writer_at_a_taken_sequence_number_is_refused()
    {
        await Commit(Logs.Messages("chn_a", 0, 2));

        (await Append(Logs.Messages("chn_a", 1, 1))).ShouldBe(AppendStatus.Conflict);
        (await Recover("chn_a")).Head.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_that_would_leave_a_gap_is_refused()
    {
        (await Append(Logs.Messages("chn_a", 5, 1))).ShouldBe(AppendStatus.Conflict);
        (await Recover("chn_a")).Head.ShouldBe(0);
    }

    [Fact]
    public async Task Events_that_are_not_dense_are_a_mistake_of_the_caller()
    {
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Journal.AppendAsync(Logs.Batch("chn_a", 0, Logs.Message(1), Logs.Message(3)))
        );
        (await Recover("chn_a")).Head.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_is_unique_for_ever_per_channel_and_principal()
    {
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1, key: "k")));

        (await Append(Logs.Batch("chn_a", 1, Logs.Message(2), Logs.Message(3, key: "k")))).ShouldBe(AppendStatus.Conflict);
        (await Recover("chn_a")).Head.ShouldBe(1);
        (await Append(Logs.Batch("chn_a", 1, Logs.Message(2, key: "k", by: "prn_b")))).ShouldBe(AppendStatus.Committed);
        (await Append(Logs.Batch("chn_b", 0, Logs.Message(1, key: "k")))).ShouldBe(AppendStatus.Committed);
    }

    [Fact]
    public async Task A_key_twice_in_one_batch_refuses_the_whole_batch()
    {
        (await Append(Logs.Batch("chn_a", 0, Logs.Message(1, key: "k"), Logs.Message(2, key: "k")))).ShouldBe(
            AppendStatus.Conflict
        );

        (await Recover("chn_a")).Head.ShouldBe(0);
        (await Find("chn_a", "k")).ShouldBeNull();
        (await Append(Logs.Batch("chn_a", 0, Logs.Message(1, key: "k")))).ShouldBe(AppendStatus.Committed);
    }

    [Fact]
    public async Task Events_without_a_key_never_collide() => await Commit(Logs.Messages("chn_a", 0, 1000));

    [Fact]
    public async Task A_conflict_touches_no_other_channel_of_the_same_commit()
    {
        var appends = Enumerable.Range(0, 40).Select(i => Append(Logs.Messages($"chn_{i}", i % 4 == 3 ? 7 : 0, 2))).ToArray();

        var statuses = await Task.WhenAll(appends);

        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i].ShouldBe(i % 4 == 3 ? AppendStatus.Conflict : AppendStatus.Committed);
            (await Recover($"chn_{i}")).Head.ShouldBe(i % 4 == 3 ? 0 : 2);
        }
    }

    [Fact]
    public async Task A_use_of_a_key_is_found_with_its_event_and_fingerprint()
    {
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1), Logs.Message(2, key: "k", text: "two", thread: 1)));

        var use = (await Find("chn_a", "k")).ShouldNotBeNull();

        (use.PrincipalId, use.IdempotencyKey).ShouldBe(("prn_a", "k"));
        use.Fingerprint.ToArray().ShouldBe(Logs.Fingerprint("k"));
        use.Event.ShouldBe(
            Logs.Message(2, key: "k", text: "two", thread: 1) with
            {
                Body = use.Event.Body,
                Fingerprint = use.Event.Fingerprint,
            }
        );
        Logs.Text(use.Event.Body).ShouldBe(Logs.Text(Logs.Json(2, "two")));
        (await Journal.FindKeysAsync("chn_a", [new("prn_a", "other"), new("prn_b", "k")], default)).ShouldBeEmpty();
        (await Journal.FindKeysAsync("chn_b", [new("prn_a", "k")], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_are_found_as_they_now_stand_and_other_numbers_are_absent()
    {
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1, text: "one"), Logs.Message(2, text: "two", thread: 1, by: "prn_b")));
        await Commit(
            Logs.Batch("chn_a", 2, Logs.About(3, EventTypes.MessageEdited, 1)) with
            {
                Messages = [new MessageWrite(1, Deleted: false, Logs.Json(1, "edited"))],
            }
        );

        var found = (await Journal.FindMessagesAsync("chn_a", [1, 2, 3, 99], default)).OrderBy(m => m.MessageSeq).ToArray();

        found
            .Select(m => (m.MessageSeq, m.AuthorId, m.Thread, m.Deleted))
            .ShouldBe([(1, "prn_a", null, false), (2, "prn_b", 1, false)]);
        found.Select(m => Logs.Text(m.Body)).ShouldBe([Logs.Text(Logs.Json(1, "edited")), Logs.Text(Logs.Json(2, "two"))]);
    }

    [Fact]
    public async Task A_message_that_grows_and_shrinks_again_stands_as_it_was_last_written()
    {
        await Commit(Logs.Messages("chn_a", 0, 3));
        foreach (var length in new[] { 10, 5000, 20, 100_000, 1, 100_001 })
        {
            var body = Logs.Json(2, new string('x', length));
            var head = (await Recover("chn_a")).Head;
            await Commit(
                Logs.Batch("chn_a", head, Logs.About(head + 1, EventTypes.ReactionAdded, 2)) with
                {
                    Messages = [new MessageWrite(2, Deleted: false, body)],
                }
            );
            var message = (await Journal.FindMessagesAsync("chn_a", [2], default)).ShouldHaveSingleItem();
            message.Body.ToArray().ShouldBe(body);
        }
    }

    [Fact]
    public async Task The_content_of_a_message_is_its_creation_and_its_edits()
    {
        await Commit(
            Logs.Batch(
                "chn_a",
                0,
                Logs.Message(1),
                Logs.Message(2),
                Logs.About(3, EventTypes.MessageEdited, 1, "e1"),
                Logs.About(4, EventTypes.ReactionAdded, 1),
                Logs.About(5, EventTypes.MessageEdited, 2, "e2"),
                Logs.About(6, EventTypes.MessageEdited, 1, "e3")
            )
        );

        var content = await Journal.FindContentEventsAsync("chn_a", 1, default);

        content.Select(e => e.SequenceNr).ShouldBe([1, 3, 6]);
        content.Select(e => e.MessageSeq).ShouldAllBe(seq => seq == 1);
        (await Journal.FindContentEventsAsync("chn_a", 4, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rewritten_event_reads_as_rewritten_wherever_it_is_read()
    {
        await Commit(
            Logs.Batch(
                "chn_a",
                0,
                Logs.Message(1, key: "k", text: "secret"),
                Logs.About(2, EventTypes.MessageEdited, 1, "secret")
            )
        );
        var erased = new[] { Logs.Json(1, "a rather longer text than the one that was there"), Logs.Json(2, "") };

        await Commit(
            Logs.Batch("chn_a", 2, Logs.About(3, EventTypes.MessageDeleted, 1)) with
            {
                Messages = [new MessageWrite(1, Deleted: true, Logs.Json(1, "tombstone"))],
                Rewrites = [new EventRewrite(1, erased[0]), new EventRewrite(2, erased[1])],
            }
        );
        await RestartAsync();

        var content = await Journal.FindContentEventsAsync("chn_a", 1, default);
        content.Select(e => Logs.Text(e.Body)).ShouldBe(erased.Select(b => Logs.Text(b)));
        (await Find("chn_a", "k"))!.Event.Body.ToArray().ShouldBe(erased[0]);
        (await Journal.FindMessagesAsync("chn_a", [1], default)).ShouldHaveSingleItem().Deleted.ShouldBeTrue();
        var log = await _store.ReadJournal.ReadAsync("chn_a", 0, 10, 1 << 20, default);
        log.Count.ShouldBe(3);
        log.Body(0).ToArray().ShouldBe(erased[0]);
        log.Body(1).ToArray().ShouldBe(erased[1]);
    }

    [Fact]
    public async Task Many_channels_at_once_each_keep_a_dense_log_of_their_own()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async c =>
                {
                    for (var head = 0; head < 50; head += 5)
                        await Commit(Logs.Messages($"chn_{c}", head, 5));
                })
        );

        for (var c = 0; c < 20; c++)
        {
            var log = await _store.ReadJournal.ReadAsync($"chn_{c}", 0, 100, 1 << 20, default);
            log.Count.ShouldBe(50);
            for (var i = 0; i < 50; i++)
                log.Body(i).ToArray().ShouldBe(Logs.Json(i + 1, "hello"));
        }
    }

    private async Task RestartAsync()
    {
        await _store.DisposeAsync();
        _store = await OpenAsync();
    }

    private async Task<RecoveredLog> Recover(string channel) => await Journal.RecoverAsync(channel, default);

    private async Task<AppendStatus> Append(AppendBatch batch) => await Journal.AppendAsync(batch);

    private async Task Commit(AppendBatch batch) => (await Append(batch)).ShouldBe(AppendStatus.Committed);

    private async Task<KeyUse?> Find(string channel, string key) =>
        (await Journal.FindKeysAsync(channel, [new KeyQuery("prn_a", key)], default)).SingleOrDefault();
}
