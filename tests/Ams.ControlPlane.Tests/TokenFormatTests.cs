using Ams.ControlPlane.Tokens;
using Ams.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Ams.ControlPlane.Tests;

public sealed class TokenFormatTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void A_new_token_has_its_form_and_reads_back() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                seed => IsWellFormed(New(seed)) && New(seed).All(c => c == '_' || char.IsAsciiLetterOrDigit(c))
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_single_typo_is_always_detected() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                Gen.Choose(0, TokenFormat.Length - 1).ToArbitrary(),
                Gen.Elements(Alphabet.ToCharArray()).ToArbitrary(),
                (seed, at, typed) =>
                {
                    var token = New(seed);
                    var mistyped = token[..at] + typed + token[(at + 1)..];
                    return mistyped == token || !IsWellFormed(mistyped);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("wat_")]
    [InlineData("xat_0000000000000000000000000000000000000000000000")]
    [InlineData("wat_000000000000000000000000000000000000000000000é")]
    public void What_is_no_token_is_refused(string text) => IsWellFormed(text).ShouldBeFalse();

    [Fact]
    public void What_is_too_short_or_too_long_is_refused()
    {
        IsWellFormed(New(1)[..^1]).ShouldBeFalse();
        IsWellFormed(New(1) + "0").ShouldBeFalse();
    }

    [Fact]
    public void The_random_part_uses_every_character_about_equally()
    {
        var ids = new SeededIdGenerator(7, TimeProvider.System);
        var counts = Enumerable
            .Range(0, 5_000)
            .SelectMany(_ => TokenFormat.New(ids).Substring(TokenFormat.Prefix.Length, TokenFormat.RandomLength))
            .CountBy(character => character)
            .ToDictionary();

        // 200,000 characters: 3,226 of each, with a deviation of 56. A plain "modulo 62" would give the first eight 3,906.
        counts.Count.ShouldBe(62);
        counts.Values.ShouldAllBe(count => count > 2_900 && count < 3_550);
    }

    private static string New(int seed) => TokenFormat.New(new SeededIdGenerator(seed, TimeProvider.System));

    private static bool IsWellFormed(string token) => TokenFormat.TryRead(token, stackalloc byte[TokenFormat.Length]);
}
