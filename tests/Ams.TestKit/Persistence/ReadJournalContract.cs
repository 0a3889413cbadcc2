using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Contracts;
using Shouldly;
using Xunit;

namespace Ams.TestKit.Persistence;

/// <summary>What every read journal promises. A store's test class inherits it.</summary>
public abstract class ReadJournalContract : IAsyncLifetime
{
    private const int Plenty = 1 << 20;
    private StoreUnderTest _store = null!;

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<StoreUnderTest> OpenAsync();

    private IReadJournal Log => _store.ReadJournal;

    public async Task InitializeAsync() => _store = await OpenAsync();

    public virtual async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_log_without_events_has_head_zero_and_a_log_id()
    {
        var head = await Log.HeadAsync("chn_a", default);

        (head.Head, head.FirstAvailable, head.MessageCount).ShouldBe((0, 1, 0));
        head.LogId.ShouldNotBeNullOrEmpty();
        (await Log.ReadAsync("chn_a", 0, 10, Plenty, default)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_log_keeps_its_id_and_two_logs_have_two()
    {
        var before = await Log.HeadAsync("chn_a", default);
        await Commit(Logs.Messages("chn_a", 0, 1));

        (await Log.HeadAsync("chn_a", default)).LogId.ShouldBe(before.LogId);
        (await Log.HeadAsync("chn_b", default)).LogId.ShouldNotBe(before.LogId);
    }

    [Fact]
    public async Task The_head_counts_messages_and_not_what_happened_to_them()
    {
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1), Logs.About(2, EventTypes.ReactionAdded, 1), Logs.Message(3)));

        var head = await Log.HeadAsync("chn_a", default);

        (head.Head, head.MessageCount).ShouldBe((3, 2));
    }

    [Fact]
    public async Task Heads_come_in_the_order_asked()
    {
        await Commit(Logs.Messages("chn_b", 0, 2));

        (await Log.HeadsAsync(["chn_b", "chn_none", "chn_b"], default)).Select(h => h.Head).ShouldBe([2, 0, 2]);
        (await Log.HeadsAsync([], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_begun_after_a_commit_sees_it()
    {
        for (var head = 0; head < 50; head++)
        {
            await Commit(Logs.Messages("chn_a", head, 1));
            (await Log.HeadAsync("chn_a", default)).Head.ShouldBe(head + 1);
            (await Log.ReadAsync("chn_a", head, 10, Plenty, default)).LastSeq.ShouldBe(head + 1);
        }
    }

    [Theory]
    [InlineData(0, 100, 1, 10)]
    [InlineData(0, 3, 1, 3)]
    [InlineData(9, 100, 10, 10)]
    [InlineData(4, 5, 5, 9)]
    public async Task A_page_begins_after_the_number_and_holds_at_most_so_many(long after, int max, long first, long last)
    {
        await Commit(Logs.Messages("chn_a", 0, 10));

        var page = await Log.ReadAsync("chn_a", after, max, Plenty, default);

        (page.FirstSeq, page.LastSeq).ShouldBe((first, last));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_page_at_the_head_or_beyond_is_empty(long after)
    {
        await Commit(Logs.Messages("chn_a", 0, 10));

        (await Log.ReadAsync("chn_a", after, 10, Plenty, default)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_page_has_about_so_many_bytes_but_at_least_one_event()
    {
        var large = new string('x', 100_000);
        await Commit(Logs.Batch("chn_a", 0, Logs.Message(1, text: large), Logs.Message(2, text: large), Logs.Message(3)));

        (await Log.ReadAsync("chn_a", 0, 10, 1000, default)).LastSeq.ShouldBe(1);
        (await Log.ReadAsync("chn_a", 0, 10, 150_000, default)).LastSeq.ShouldBe(1);
        var both = await Log.ReadAsync("chn_a", 0, 10, 250_000, default);
        both.LastSeq.ShouldBe(3);
        both.Body(1).ToArray().ShouldBe(Logs.Json(2, large));
    }

    [Fact]
    public async Task Bodies_come_back_byte_for_byte_whatever_their_size()
    {
        var sizes = new[] { 0, 1, 90, 125, 126, 4000, 4096, 65_000, 65_535, 65_536, 900_000 };
        await Commit(Logs.Batch("chn_a", 0, [.. sizes.Select((n, i) => Logs.Message(i + 1, text: new string('é', n / 2)))]));

        var seq = 0;
        await foreach (var page in Log.CurrentEventsByPersistenceId("chn_a", 0, sizes.Length, default))
        {
            for (var i = 0; i < page.Count; i++, seq++)
                page.Body(i).ToArray().ShouldBe(Logs.Json(seq + 1, new string('é', sizes[seq] / 2)));
        }
        seq.ShouldBe(sizes.Length);
    }

    [Fact]
    public async Task The_events_up_to_a_number_end_there()
    {
        await Commit(Logs.Messages("chn_a", 0, 1000));
        var seqs = new List<long>();

        await foreach (var page in Log.CurrentEventsByPersistenceId("chn_a", 10, 990, default))
            seqs.AddRange(Enumerable.Range(0, page.Count).Select(i => page.FirstSeq + i));

        seqs.ShouldBe(Enumerable.Range(11, 980).Select(i => (long)i));
    }

    [Fact]
    public async Task The_events_up_to_a_number_that_is_not_there_are_an_exception_not_a_shorter_log()
    {
        await Commit(Logs.Messages("chn_a", 0, 10));

        await Should.ThrowAsync<StoreUnavailableException>(async () =>
        {
            await foreach (var _ in Log.CurrentEventsByPersistenceId("chn_a", 0, 11, default)) { }
        });
    }

    [Theory]
    [InlineData(null, null, 3, "7,9,10", true)]
    [InlineData(null, null, 7, "1,2,3,5,7,9,10", false)]
    [InlineData(null, null, 6, "2,3,5,7,9,10", true)]
    [InlineData(0, null, 2, "1,2", true)]
    [InlineData(3, null, 2, "5,7", true)]
    [InlineData(3, null, 4, "5,7,9,10", false)]
    [InlineData(10, null, 5, "", false)]
    [InlineData(null, 10, 2, "7,9", true)]
    [InlineData(null, 4, 3, "1,2,3", false)]
    [InlineData(null, 1, 3, "", false)]
    public async Task Message_pages_pass_over_other_events(int? after, int? before, int limit, string expected, bool more)
    {
        await CommitMixedAsync();

        var page = await Log.ReadMessagesAsync("chn_a", new MessageQuery(after, before, limit, null), default);

        string.Join(',', page.Items.Select(m => m.MessageSeq)).ShouldBe(expected);
        page.HasMore.ShouldBe(more);
    }

    [Theory]
    [InlineData(null, null, 10, "2,5,9", false)]
    [InlineData(null, null, 2, "5,9", true)]
    [InlineData(0, null, 2, "2,5", true)]
    [InlineData(0, null, 1, "2", true)]
    [InlineData(2, null, 5, "5,9", false)]
    [InlineData(null, 9, 2, "2,5", false)]
    [InlineData(null, 9, 1, "5", true)]
    [InlineData(null, 2, 5, "", false)]
    public async Task A_thread_is_its_first_message_and_its_replies(
        int? after,
        int? before,
        int limit,
        string expected,
        bool more
    )
    {
        await CommitMixedAsync();

        var page = await Log.ReadMessagesAsync("chn_a", new MessageQuery(after, before, limit, 2), default);

        string.Join(',', page.Items.Select(m => m.MessageSeq)).ShouldBe(expected);
        page.HasMore.ShouldBe(more);
    }

    [Fact]
    public async Task A_message_is_read_as_it_now_stands_and_another_number_is_none()
    {
        await CommitMixedAsync();

        Logs.Text((await Log.ReadMessageAsync("chn_a", 3, default))!.Value.Body).ShouldContain("edited");
        Logs.Text((await Log.ReadMessageAsync("chn_a", 5, default))!.Value.Body).ShouldContain("hello");
        (await Log.ReadMessageAsync("chn_a", 4, default)).ShouldBeNull();
        (await Log.ReadMessageAsync("chn_a", 11, default)).ShouldBeNull();
        (await Log.ReadMessageAsync("chn_none", 1, default)).ShouldBeNull();
        var page = await Log.ReadMessagesAsync("chn_a", new MessageQuery(2, null, 1, null), default);
        Logs.Text(page.Items[0].Body).ShouldContain("edited");
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(5500, 5)]
    [InlineData(10_000, 10)]
    [InlineData(1_000_000, 10)]
    public async Task The_number_at_a_time_is_the_last_event_at_or_before_it(int millisecondsAfterStart, long expected)
    {
        await CommitMixedAsync();

        (await Log.SeqAtAsync("chn_a", Logs.Start.AddMilliseconds(millisecondsAfterStart), default)).ShouldBe(expected);
        (await Log.SeqAtAsync("chn_none", Logs.Start, default)).ShouldBe(0);
    }

    // Messages 1, 2, 3, 5, 7, 9, 10; 5 and 9 are in the thread of 2; 3 was edited.
    private async Task CommitMixedAsync() =>
        await Commit(
            Logs.Batch(
                "chn_a",
                0,
                Logs.Message(1),
                Logs.Message(2),
                Logs.Message(3),
                Logs.About(4, EventTypes.MessageEdited, 3),
                Logs.Message(5, thread: 2),
                Logs.About(6, EventTypes.ReactionAdded, 1),
                Logs.Message(7),
                Logs.About(8, EventTypes.ReactionRemoved, 1),
                Logs.Message(9, thread: 2),
                Logs.Message(10, thread: 1)
            ) with
            {
                Messages = [new MessageWrite(3, Deleted: false, Logs.Json(3, "edited"))],
            }
        );

    private async Task Commit(AppendBatch batch) => (await _store.Journal.AppendAsync(batch)).ShouldBe(AppendStatus.Committed);
}
