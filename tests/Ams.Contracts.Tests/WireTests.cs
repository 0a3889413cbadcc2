using System.Text.Json;

namespace Ams.Contracts.Tests;

/// <summary>How the records look on the wire.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("2026-11-22T08:00:00.123Z", "2026-11-22T08:00:00.123Z")]
    [InlineData("2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000Z")]
    [InlineData("2026-11-22T09:00:00.1239999+01:00", "2026-11-22T08:00:00.123Z")]
    public void A_time_is_read_with_any_offset_and_written_in_utc_with_milliseconds(string given, string written)
    {
        Rfc3339.TryParse(given, out var time).ShouldBeTrue();
        Rfc3339.Format(time).ShouldBe(written);
        Rfc3339.Format(time).Length.ShouldBe(Rfc3339.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("2026-11-22")]
    [InlineData("2026-11-22 08:00:00Z")]
    [InlineData("2026-13-22T08:00:00Z")]
    [InlineData("yesterday")]
    public void What_is_no_time_is_not_read(string? given) => Rfc3339.TryParse(given, out _).ShouldBeFalse();

    [Fact]
    public void Names_are_snake_case_and_what_is_null_is_left_out()
    {
        var token = new TokenView("tok_1", "prn_1", [], DateTimeOffset.UnixEpoch);

        JsonSerializer
            .Serialize(token, AmsJson.Default.TokenView)
            .ShouldBe("""{"id":"tok_1","principal_id":"prn_1","scopes":[],"created_at":"1970-01-01T00:00:00.000Z"}""");
    }

    [Fact]
    public void Scopes_are_told_in_the_protocols_order_and_read_back()
    {
        var names = ScopeNames.Everything.Names();

        names.Count.ShouldBe(10);
        names[0].ShouldBe("workspace:read");
        names[^1].ShouldBe("audit:read");
        foreach (var name in names)
            ScopeNames.TryParse(name, out _).ShouldBeTrue();
        ScopeNames.TryParse("messages:*", out _).ShouldBeFalse();
    }

    [Fact]
    public void Each_role_has_what_the_one_below_it_has()
    {
        (ScopeNames.Of(Role.Admin) & ScopeNames.Of(Role.Member)).ShouldBe(ScopeNames.Of(Role.Member));
        ScopeNames.Of(Role.Owner).ShouldBe(ScopeNames.Everything);
        ScopeNames.Of(Role.Admin).HasFlag(Scopes.WorkspaceWrite).ShouldBeFalse();
        ScopeNames.Of(Role.Member).Names().ShouldNotContain("audit:read");
    }

    [Fact]
    public void The_value_of_a_refusal_is_a_bug_to_read()
    {
        Outcome<int> refused = Refusal.NotFound("channel");

        refused.IsOk.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => refused.Value);
    }
}
