using System.Diagnostics;
using System.Text;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

public sealed class PayloadTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{ }", "{}")]
    [InlineData("{ \"b\" : [ 1 , 2.50 , -0 , 1E+2 , 1e400 ] ,\r\n\t\"a\" : null }", """{"b":[1,2.50,-0,1E+2,1e400],"a":null}""")]
    [InlineData(
        """{"z":"a  b","y":"\u0041\/","x":{"c":true,"b":[[],{}, [ ] ]}}""",
        """{"z":"a  b","y":"\u0041\/","x":{"c":true,"b":[[],{},[]]}}"""
    )]
    [InlineData("""{"":{"":{"":1}}}""", """{"":{"":{"":1}}}""")]
    [InlineData("""{"ü":"😀","\u00e9":"\u0000"}""", """{"ü":"😀","\u00e9":"\u0000"}""")]
    public void Literals_and_order_are_kept_and_white_space_goes(string sent, string stored) =>
        Drafts.Payload(sent).ShouldBe(stored);

    [Fact]
    public void Thirty_two_levels_are_taken_and_one_more_is_not()
    {
        static string Objects(int levels) =>
            string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);
        static string Arrays(int levels) => "{\"a\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}";
        Drafts.Payload(Objects(Limits.PayloadDepthMax)).ShouldBe(Objects(Limits.PayloadDepthMax));
        Drafts.Payload(Arrays(Limits.PayloadDepthMax)).ShouldBe(Arrays(Limits.PayloadDepthMax));
        Drafts.Read(Body(Objects(Limits.PayloadDepthMax + 1))).ShouldRefuse(ErrorCodes.InvalidRequest, "payload");
        Drafts.Read(Body(Arrays(Limits.PayloadDepthMax + 1))).ShouldRefuse(ErrorCodes.InvalidRequest, "payload");
    }

    [Fact]
    public void Sixty_four_KiB_without_white_space_are_taken_and_one_byte_more_is_not()
    {
        static string Of(int bytes) => "{\"a\":\"" + new string('x', bytes - 8) + "\"}";
        Drafts.Payload(Of(Limits.PayloadBytesMax)).Length.ShouldBe(Limits.PayloadBytesMax);
        Drafts.Payload(new string(' ', 100_000) + Of(Limits.PayloadBytesMax)).Length.ShouldBe(Limits.PayloadBytesMax);
        Drafts.Read(Body(Of(Limits.PayloadBytesMax + 1))).ShouldRefuse(ErrorCodes.BodyTooLarge);

        // The limit falls on each kind of token once.
        var numbers = "{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 32_764)) + "]}";
        for (var pad = 0; pad < 8; pad++)
        {
            var payload = numbers.Replace("\"a\"", "\"" + new string('a', 1 + pad) + "\"", StringComparison.Ordinal);
            var outcome = Drafts.Read(Body(payload));
            outcome.IsOk.ShouldBe(payload.Length <= Limits.PayloadBytesMax, $"{payload.Length} bytes");
        }
    }

    [Fact]
    public void The_same_name_in_different_objects_is_no_double() =>
        Drafts.Payload("""{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}""").ShouldBe("""{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}""");

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    public void A_double_is_found_wherever_it_stands_among_many(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"\"n{(i * 7919) % count}\":{i}").ToList();
        Drafts.Read(Body("{" + string.Join(',', names) + "}")).IsOk.ShouldBeTrue();
        foreach (var at in new[] { 0, count / 2, count })
        {
            var doubled = names.ToList();
            doubled.Insert(at, "\"n1\":0");
            var refusal = Drafts.Read(Body("{" + string.Join(',', doubled) + "}")).Refusal.ShouldNotBeNull();
            refusal.Errors.ShouldNotBeNull()["payload"][0].ShouldContain("\"n1\"");
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"payload\":")]
    [InlineData("{\"bogus\":[")]
    [InlineData("{\"text\":[")]
    [InlineData("{\"mentions\":[[")]
    [InlineData("{\"payload\":{\"a\":[")]
    public void A_mebibyte_of_nesting_is_refused_without_a_stack_or_a_wait(string opening)
    {
        var body = new StringBuilder(opening).Append('[', Limits.RequestBytesMax - opening.Length).ToString();
        Drafts.Read(body).ShouldRefuse(ErrorCodes.InvalidJson);
    }

    [Fact]
    public void Deep_nesting_that_is_whole_JSON_is_refused_by_the_member()
    {
        var half = Limits.RequestBytesMax / 2 - 20;
        var deep = new string('[', half) + new string(']', half);
        Drafts.Read(Body("{\"a\":" + deep + "}")).ShouldRefuse(ErrorCodes.InvalidRequest, "payload");
        Drafts.Read($$"""{"bogus":{{deep}}}""").ShouldRefuse(ErrorCodes.InvalidRequest, "bogus");
    }

    [Fact]
    public void Names_that_sort_badly_cost_no_more_than_n_log_n()
    {
        // Long common prefixes, descending: the worst that 64 KiB can hold.
        var prefix = new string('p', 40);
        var names = Enumerable.Range(0, 1300).Reverse().Select(i => $"\"{prefix}{i:x4}\":1");
        var body = Body("{" + string.Join(',', names) + "}");
        Drafts.Read(body).IsOk.ShouldBeTrue();
        var before = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
            Drafts.Read(body).IsOk.ShouldBeTrue();
        Stopwatch.GetElapsedTime(before).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static string Body(string payload) => "{\"payload\":" + payload + "}";
}
