using Ams.Actors.Persistence;
using Ams.TestKit;
using Ams.TestKit.Persistence;

namespace Ams.Actors.Tests.Persistence;

/// <summary>Whoever opens a database last owns it; what the one before sends is refused, batch by batch, and written nowhere.</summary>
public sealed class PostgresFencingTests : IAsyncLifetime
{
    private PostgresStores _stores = null!;

    public async Task InitializeAsync() => _stores = await PostgresStores.CreateAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task A_node_whose_shards_were_taken_is_fenced_and_the_new_owner_goes_on()
    {
        await using var first = await _stores.OpenAsync();
        (await first.Journal.AppendAsync(Logs.Messages("chn_a", 0, 2))).ShouldBe(AppendStatus.Committed);

        await using var second = await _stores.OpenAsync();

        (await first.Journal.AppendAsync(Logs.Messages("chn_a", 2, 1))).ShouldBe(AppendStatus.Fenced);
        (await first.Journal.AppendAsync(Logs.Messages("chn_new", 0, 1))).ShouldBe(AppendStatus.Fenced);
        (await second.Journal.RecoverAsync("chn_a", default)).Head.ShouldBe(2);
        (await second.Journal.AppendAsync(Logs.Messages("chn_a", 2, 1))).ShouldBe(AppendStatus.Committed);
        (await second.Journal.AppendAsync(Logs.Messages("chn_new", 0, 1))).ShouldBe(AppendStatus.Committed);
    }

    [Fact]
    public async Task A_batch_under_an_old_term_is_fenced_and_the_others_of_its_commit_are_not()
    {
        await using var store = await _stores.OpenAsync();
        var appends = Enumerable
            .Range(0, 40)
            .Select(i => store.Journal.AppendAsync(Logs.Messages($"chn_{i}", 0, 2) with { Term = i % 4 == 3 ? 99 : 0 }).AsTask())
            .ToArray();

        var statuses = await Task.WhenAll(appends);

        for (var i = 0; i < statuses.Length; i++)
            statuses[i].ShouldBe(i % 4 == 3 ? AppendStatus.Fenced : AppendStatus.Committed);
    }

    [Fact]
    public async Task A_takeover_waits_for_the_append_under_way_and_no_append_slips_in_behind_it()
    {
        await using var first = await _stores.OpenAsync();
        using var stop = new CancellationTokenSource();
        var committed = 0L;
        var writer = Task.Run(async () =>
        {
            AppendStatus status;
            while ((status = await first.Journal.AppendAsync(Logs.Messages("chn_a", committed, 1))) == AppendStatus.Committed)
                Interlocked.Increment(ref committed);
            return status;
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref committed) > 50, "the writer gets on");

        await using var second = await _stores.OpenAsync();
        var head = (await second.Journal.RecoverAsync("chn_a", default)).Head;

        (await writer).ShouldBe(AppendStatus.Fenced);
        head.ShouldBe(Volatile.Read(ref committed));
        (await second.Journal.RecoverAsync("chn_a", default)).Head.ShouldBe(head);
    }

    [Fact]
    public async Task Terms_along_a_log_only_go_up()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var store = await _stores.OpenAsync();
            (await store.Journal.AppendAsync(Logs.Messages("chn_a", i, 1))).ShouldBe(AppendStatus.Committed);
        }

        await _stores.ExecuteAsync(
            "DO $$ BEGIN IF (SELECT array_agg(term ORDER BY seq) FROM journal) <> '{1,2,3}' THEN RAISE 'terms'; END IF; END $$"
        );
    }
}
