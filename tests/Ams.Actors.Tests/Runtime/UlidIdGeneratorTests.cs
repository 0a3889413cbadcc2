using Ams.Actors.Runtime;
using Ams.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Ams.Actors.Tests.Runtime;

public sealed class UlidIdGeneratorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_id_is_its_prefix_and_26_lower_case_letters_and_digits() =>
        new UlidIdGenerator(_time).NewId("msg_").ShouldMatch("^msg_[0-9a-hjkmnp-tv-z]{26}$");

    [Fact]
    public void An_id_of_a_later_millisecond_sorts_after_an_earlier_one()
    {
        var ids = new UlidIdGenerator(_time);
        var first = ids.NewId("chn_");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = ids.NewId("chn_");
        string.CompareOrdinal(first, second).ShouldBeLessThan(0);
    }

    [Fact]
    public void Ten_thousand_ids_of_one_millisecond_are_all_different()
    {
        var ids = new UlidIdGenerator(_time);
        Enumerable.Range(0, 10_000).Select(_ => ids.NewId("msg_")).Distinct(StringComparer.Ordinal).Count().ShouldBe(10_000);
    }

    [Fact]
    public void The_time_and_the_random_part_stand_where_a_ULID_has_them() =>
        Ulid.Format("", DateTimeOffset.FromUnixTimeMilliseconds(1_469_918_176_385), new byte[10])
            .ShouldBe("01aryz6s410000000000000000");

    [Fact]
    public void A_seed_replays_the_same_ids() =>
        new SeededIdGenerator(7, _time).NewId("msg_").ShouldBe(new SeededIdGenerator(7, _time).NewId("msg_"));
}
