namespace Ams.Client.Tests.RealServer;

public sealed class FeedTests(RealServer server) : IClassFixture<RealServer>, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Many_channels_come_over_one_feed_each_in_its_own_order()
    {
        var (a, b) = (await NewChannelAsync(), await NewChannelAsync());
        await PostAsync(a, "a1");
        await PostAsync(b, "b1");
        var feed = server.Owner.OpenFeed();
        await feed.SubscribeAsync(a, after: 0);
        await feed.SubscribeAsync(b, after: 0);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
        await UntilLiveAsync(items, 2);

        await PostAsync(a, "a2");
        await PostAsync(b, "b2");
        var live = await LoggedAsync(items, 2);

        live.Where(e => e.ChannelId == a).Select(e => (e.ChannelSeq, e.Text)).ShouldBe([(2, "a2")]);
        live.Where(e => e.ChannelId == b).Select(e => (e.ChannelSeq, e.Text)).ShouldBe([(2, "b2")]);
    }

    [Fact]
    public async Task A_channel_joins_and_leaves_a_feed_that_is_being_read()
    {
        var (a, b) = (await NewChannelAsync(), await NewChannelAsync());
        await PostAsync(b, "b1");
        var feed = server.Owner.OpenFeed();
        await feed.SubscribeAsync(a);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
        await UntilLiveAsync(items, 1);

        await feed.SubscribeAsync(b, after: 0);
        (await LoggedAsync(items, 1)).ShouldHaveSingleItem().Text.ShouldBe("b1");
        await feed.UnsubscribeAsync(b);
        await PostAsync(b, "unheard");
        await PostAsync(a, "heard");

        (await LoggedAsync(items, 1)).ShouldHaveSingleItem().Text.ShouldBe("heard");
    }

    [Fact]
    public async Task Without_a_position_a_subscription_begins_at_the_head()
    {
        var a = await NewChannelAsync();
        await PostAsync(a, "old");
        var feed = server.Owner.OpenFeed();
        await feed.SubscribeAsync(a);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();

        (await items.MoveNextAsync()).ShouldBeTrue();
        items.Current.ShouldBeOfType<FeedItem.CaughtUp>().ChannelSeq.ShouldBe(1);
        await PostAsync(a, "new");

        (await LoggedAsync(items, 1)).ShouldHaveSingleItem().ChannelSeq.ShouldBe(2);
    }

    [Theory]
    [InlineData("chn_00000000000000000000000000", 0, null, "not_found")]
    [InlineData(null, 5, null, "invalid_cursor")]
    [InlineData(null, 0, "log_of_another_life", "invalid_cursor")]
    public async Task A_refused_channel_ends_alone_and_says_why(string? channel, long after, string? logId, string code)
    {
        var good = await NewChannelAsync();
        var bad = channel ?? await NewChannelAsync();
        var feed = server.Owner.OpenFeed();
        await feed.SubscribeAsync(bad, after, logId);
        await feed.SubscribeAsync(good);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();

        var seen = new List<FeedItem>();
        while (seen.Count < 2 && await items.MoveNextAsync())
        {
            seen.Add(items.Current);
        }

        seen.OfType<FeedItem.Ended>().ShouldHaveSingleItem().Why.Code.ShouldBe(code);
        seen.OfType<FeedItem.CaughtUp>().ShouldHaveSingleItem().ChannelId.ShouldBe(good);
        await feed.SubscribeAsync(bad, after, logId);
    }

    [Fact]
    public async Task A_feed_whose_token_is_refused_ends_with_the_servers_reason()
    {
        var minted = await server.Owner.Tokens.MintAsync((await server.Owner.MeAsync()).Principal.Id, scopes: ["channels:read"]);
        using var narrow = new AmsClient(server.Url, minted.Secret);

        var refused = await Should.ThrowAsync<AmsException>(async () =>
        {
            await foreach (var _ in narrow.OpenFeed().ReadAsync(_patience.Token)) { }
        });

        refused.Code.ShouldBe("scope_missing");
    }

    [Fact]
    public async Task After_kill_9_and_a_new_start_every_channel_resumes_without_a_gap_or_a_double()
    {
        var (a, b) = (await NewChannelAsync(), await NewChannelAsync());
        var feed = server.Owner.OpenFeed(new FeedOptions { ReconnectDelayMax = TimeSpan.FromMilliseconds(500) });
        await feed.SubscribeAsync(a, after: 0);
        await feed.SubscribeAsync(b);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
        await UntilLiveAsync(items, 2);
        await PostAsync(a, "1");
        await PostAsync(b, "1");
        var seen = await LoggedAsync(items, 2);

        await server.KillAsync();
        await server.StartAgainAsync();
        await PostAsync(a, "2");
        await PostAsync(b, "2");
        seen.AddRange(await LoggedAsync(items, 2));

        seen.Where(e => e.ChannelId == a).Select(e => e.Text).ShouldBe(["1", "2"]);
        seen.Where(e => e.ChannelId == b).Select(e => e.Text).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_feed_has_one_reader_and_follows_a_channel_once()
    {
        var a = await NewChannelAsync();
        var feed = server.Owner.OpenFeed();
        await feed.SubscribeAsync(a);
        await using var items = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
        await UntilLiveAsync(items, 1);

        await Should.ThrowAsync<InvalidOperationException>(async () => await feed.SubscribeAsync(a));
        await using var second = feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
        await Should.ThrowAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
    }

    private async Task<string> NewChannelAsync() =>
        (await server.Owner.Channels.CreateAsync(new NewChannel($"c-{Guid.NewGuid():n}"))).Id;

    private Task<Posted> PostAsync(string channelId, string text) =>
        server.Owner.Messages.PostAsync(channelId, new NewMessage { Text = text }, _patience.Token);

    private static async Task UntilLiveAsync(IAsyncEnumerator<FeedItem> items, int channels)
    {
        for (var live = 0; live < channels; )
        {
            (await items.MoveNextAsync()).ShouldBeTrue();
            live += items.Current is FeedItem.CaughtUp ? 1 : 0;
        }
    }

    private static async Task<List<AmsEvent>> LoggedAsync(IAsyncEnumerator<FeedItem> items, int count)
    {
        var events = new List<AmsEvent>();
        while (events.Count < count)
        {
            (await items.MoveNextAsync()).ShouldBeTrue();
            if (items.Current is FeedItem.Logged { Event: var found })
            {
                events.Add(found);
            }
        }

        return events;
    }
}
