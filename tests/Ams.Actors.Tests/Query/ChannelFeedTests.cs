using System.Text;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.TestKit;
using static Ams.TestKit.Commands;

namespace Ams.Actors.Tests.Query;

public sealed class ChannelFeedTests
{
    private const string Channel = "chn_1";
    private const int Bytes = 64 * 1024;

    [Fact]
    public async Task A_feed_replays_then_says_it_has_caught_up_then_is_live()
    {
        await using var engine = new Engine();
        await PostAsync(engine, 1, 3);
        using var feed = await engine.FeedAsync(Channel, after: 1);
        feed.HeadAtOpen.ShouldBe(3);
        (await ReadUntilCaughtUpAsync(feed)).ShouldBe([2, 3]);
        var next = feed.NextAsync(Bytes).AsTask();
        next.IsCompleted.ShouldBeFalse();
        await PostAsync(engine, 4, 4);
        var step = await next;
        step.Events.FirstSeq.ShouldBe(4);
        step.Events.Body(0).ToArray().ShouldBe(engine.Store.Events(Channel)[3].Body.ToArray());
    }

    [Fact]
    public async Task A_feed_on_an_empty_log_says_at_once_that_it_has_caught_up()
    {
        await using var engine = new Engine();
        using var feed = await engine.FeedAsync(Channel, after: 0);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        feed.NextAsync(Bytes).AsTask().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_feed_without_a_position_begins_at_the_head()
    {
        await using var engine = new Engine();
        await PostAsync(engine, 1, 3);
        using var feed = await engine.FeedAsync(Channel, after: null);
        feed.Cursor.ShouldBe(3);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
    }

    [Theory]
    [InlineData(3L, null, true)]
    [InlineData(4L, null, false)]
    [InlineData(-1L, null, false)]
    [InlineData(0L, "log_1", true)]
    [InlineData(0L, "log_0", false)]
    public async Task A_position_beyond_the_head_or_of_another_log_is_an_invalid_cursor(long after, string? logId, bool valid)
    {
        await using var engine = new Engine();
        await PostAsync(engine, 1, 3);
        var outcome = await engine.System.Feeds.OpenAsync(Channel, after, logId, CancellationToken.None);
        outcome.IsOk.ShouldBe(valid);
        if (outcome.IsOk)
        {
            outcome.Value.Dispose();
            return;
        }
        outcome.Refusal!.Code.Code.ShouldBe("invalid_cursor");
        outcome.Refusal.HeadSeq.ShouldBe(3);
        outcome.Refusal.LogId.ShouldBe("log_1");
    }

    [Fact]
    public async Task A_reader_that_falls_out_of_the_ring_goes_on_from_the_journal_and_catches_up_again()
    {
        await using var engine = new Engine(options: new AmsActorsOptions { LiveRingBytesMax = 1 });
        using var feed = await engine.FeedAsync(Channel, after: 0);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        await PostAsync(engine, 1, 500);
        (await ReadUntilCaughtUpAsync(feed)).ShouldBe(Enumerable.Range(1, 500).Select(i => (long)i));
        feed.NextAsync(Bytes).AsTask().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Publishing_while_feeds_open_loses_nothing_for_any_of_them()
    {
        await using var engine = new Engine();
        var posting = Task.Run(() => PostAsync(engine, 1, 1000));
        var readers = Enumerable
            .Range(0, 50)
            .Select(_ =>
                Task.Run(async () =>
                {
                    using var feed = await engine.FeedAsync(Channel, after: 0);
                    return await ReadToAsync(feed, 1000);
                })
            )
            .ToArray();
        await posting;
        foreach (var seen in await Task.WhenAll(readers))
            seen.ShouldBe(Enumerable.Range(1, 1000).Select(i => (long)i));
    }

    [Fact]
    public async Task An_event_whose_wake_up_was_lost_is_delivered_at_the_next_tick()
    {
        await using var engine = new Engine();
        using var feed = await engine.FeedAsync(Channel, after: 0);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        var next = feed.NextAsync(Bytes).AsTask();
        engine.Journal.Next(AppendFault.InDoubtWritten);
        await engine.RefusalAsync(Post(Channel, "k1", "x"));
        next.IsCompleted.ShouldBeFalse();
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        (await next).Events.LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task A_feed_lives_on_while_its_actor_is_passivated()
    {
        await using var engine = new Engine();
        await PostAsync(engine, 1, 1);
        using var feed = await engine.FeedAsync(Channel, after: 1);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        var next = feed.NextAsync(Bytes).AsTask();
        engine.Time.Advance(TimeSpan.FromMinutes(3));
        await Eventually.HoldsAsync(() => engine.System.ActorCount == 0, "the actor is passivated");
        await PostAsync(engine, 2, 2);
        (await next).Events.LastSeq.ShouldBe(2);
    }

    [Fact]
    public async Task A_stop_from_another_thread_ends_a_waiting_reader()
    {
        await using var engine = new Engine();
        using var feed = await engine.FeedAsync(Channel, after: 0);
        (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        var next = feed.NextAsync(Bytes).AsTask();
        await Task.Run(feed.Stop);
        (await next).Ended.ShouldBeTrue();
        (await feed.NextAsync(Bytes)).Ended.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_waiting_readers_one_may_leave_and_all_others_are_woken()
    {
        await using var engine = new Engine();
        var feeds = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => engine.FeedAsync(Channel, after: 0)));
        foreach (var feed in feeds)
            (await feed.NextAsync(Bytes)).CaughtUp.ShouldBeTrue();
        var nexts = Array.ConvertAll(feeds, feed => feed.NextAsync(Bytes).AsTask());
        feeds[500].Stop();
        await PostAsync(engine, 1, 1);
        var steps = await Task.WhenAll(nexts);
        steps.Count(step => step.Events.LastSeq == 1).ShouldBe(999);
        steps[500].Ended.ShouldBeTrue();
        foreach (var feed in feeds)
            feed.Dispose();
    }

    [Fact]
    public async Task A_reader_takes_no_more_than_it_asked_for_but_one_event_whole()
    {
        await using var engine = new Engine();
        await PostAsync(engine, 1, 10);
        using var feed = await engine.FeedAsync(Channel, after: 0);
        for (var seq = 1; seq <= 10; seq++)
            (await feed.NextAsync(1)).Events.ShouldSatisfyAllConditions(e => e.Count.ShouldBe(1), e => e.FirstSeq.ShouldBe(seq));
        (await feed.NextAsync(1)).CaughtUp.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_erased_is_not_in_the_ring_any_more()
    {
        await using var engine = new Engine();
        using var early = await engine.FeedAsync(Channel, after: 0);
        await engine.CommitAsync(Post(Channel, "k1", "secret"));
        await engine.CommitAsync(Delete(Channel, 1));
        using var late = await engine.FeedAsync(Channel, after: 0);
        var step = await late.NextAsync(Bytes);
        Encoding.UTF8.GetString(step.Events.Frames.Span).ShouldNotContain("secret");
        (await ReadToAsync(early, 2)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_ring_that_was_quiet_for_a_tick_is_dropped_and_nothing_is_missed()
    {
        await using var engine = new Engine();
        using var slow = await engine.FeedAsync(Channel, after: 0);
        await PostAsync(engine, 1, 5);
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        await PostAsync(engine, 6, 6);
        (await ReadToAsync(slow, 6)).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_to_the_reader_who_may_ask_again()
    {
        var store = new InMemoryJournal();
        var reads = new AwayReadJournal(store);
        var liveFeed = new LiveFeed(new AmsActorsOptions(), new Ams.Actors.Runtime.ThreadPoolDispatcher());
        var feeds = new ChannelFeeds(liveFeed, reads, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using var engine = new Engine(store);
        await PostAsync(engine, 1, 2);
        using var feed = (await feeds.OpenAsync(Channel, 0, null, CancellationToken.None)).Value;
        reads.Away = true;
        await Should.ThrowAsync<StoreUnavailableException>(async () => await feed.NextAsync(Bytes));
        await Should.ThrowAsync<StoreUnavailableException>(async () =>
            await feeds.OpenAsync(Channel, 0, null, CancellationToken.None)
        );
        reads.Away = false;
        (await ReadUntilCaughtUpAsync(feed)).ShouldBe([1, 2]);
        feed.Dispose();
        liveFeed.Channels.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_idle_feeds_cost_little_memory_and_no_actor()
    {
        await using var engine = new Engine();
        await OpenIdleAsync(engine, 0, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var feeds = await OpenIdleAsync(engine, 100, 10_000);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / 10_000;
        // The store in memory keeps an object a log, which is part of this figure.
        each.ShouldBeLessThan(2_000);
        engine.System.ActorCount.ShouldBe(0);
        foreach (var feed in feeds)
            feed.Dispose();
    }

    private static async Task<List<IChannelFeed>> OpenIdleAsync(Engine engine, int from, int count)
    {
        var feeds = new List<IChannelFeed>(count);
        for (var i = 0; i < count; i++)
        {
            var feed = await engine.FeedAsync($"chn_{from + i}", after: 0);
            await feed.NextAsync(Bytes);
            _ = feed.NextAsync(Bytes).AsTask();
            feeds.Add(feed);
        }
        return feeds;
    }

    private static async Task PostAsync(Engine engine, int from, int to)
    {
        for (var i = from; i <= to; i++)
            await engine.CommitAsync(Post(Channel, $"k{i}", $"text {i}"));
    }

    private static async Task<List<long>> ReadUntilCaughtUpAsync(IChannelFeed feed)
    {
        var seen = new List<long>();
        for (var step = await feed.NextAsync(Bytes); !step.CaughtUp; step = await feed.NextAsync(Bytes))
            Add(seen, step.Events);
        return seen;
    }

    private static async Task<List<long>> ReadToAsync(IChannelFeed feed, long last)
    {
        var seen = new List<long>();
        while (feed.Cursor < last)
            Add(seen, (await feed.NextAsync(Bytes)).Events);
        return seen;
    }

    private static void Add(List<long> seen, EventSlice slice)
    {
        for (var i = 0; i < slice.Count; i++)
            seen.Add(slice.FirstSeq + i);
    }
}
