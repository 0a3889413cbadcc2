using Ams.Api.RateLimits;
using Microsoft.Extensions.Time.Testing;

namespace Ams.Api.Tests.RateLimits;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_is_let_through_and_one_more_is_not()
    {
        var rates = new RateLimiter(new RatePolicy(10, 5), _time);

        Enumerable.Range(0, 5).ShouldAllBe(_ => rates.TryTake("tok_a", 1).Allowed);

        var refused = rates.TryTake("tok_a", 1);
        refused.Allowed.ShouldBeFalse();
        refused.Remaining.ShouldBe(0);
        refused.RetryAfter.ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void What_was_refused_takes_nothing_and_succeeds_after_the_time_it_was_told()
    {
        var rates = new RateLimiter(new RatePolicy(10, 5), _time);
        rates.TryTake("tok_a", 1);
        rates.TryTake("tok_a", 4);
        var refused = rates.TryTake("tok_a", 1);
        rates.TryTake("tok_a", 1).RetryAfter.ShouldBe(refused.RetryAfter);

        _time.Advance(refused.RetryAfter);

        rates.TryTake("tok_a", 1).Allowed.ShouldBeTrue();
    }

    [Fact]
    public void One_token_never_pays_for_another()
    {
        var rates = new RateLimiter(new RatePolicy(1, 1), _time);
        rates.TryTake("tok_a", 1);

        rates.TryTake("tok_a", 1).Allowed.ShouldBeFalse();
        rates.TryTake("tok_b", 1).Allowed.ShouldBeTrue();
    }

    [Fact]
    public void A_cost_above_the_burst_is_let_through_once_and_paid_for_afterwards()
    {
        var rates = new RateLimiter(new RatePolicy(10, 5), _time);
        rates.TryTake("tok_a", 1);

        rates.TryTake("tok_a", 100).Allowed.ShouldBeTrue();

        rates.TryTake("tok_a", 1).RetryAfter.ShouldBe(TimeSpan.FromSeconds(9.7));
    }

    [Fact]
    public void Off_is_no_limit_at_all()
    {
        var rates = new RateLimiter(policy: null, _time);

        Enumerable.Range(0, 10_000).ShouldAllBe(_ => rates.TryTake("tok_a", 1000).Allowed);
    }
}
