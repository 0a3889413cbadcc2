using Ams.Api.Messages;
using Ams.Contracts;
using Microsoft.Extensions.Primitives;

namespace Ams.Api.Tests.Messages;

public sealed class IdempotencyKeysTests
{
    [Theory]
    [InlineData("msg-1", "msg-1")]
    [InlineData("\"msg-1\"", "msg-1")]
    [InlineData("a\"b", "a\"b")]
    [InlineData("a,b;c=d", "a,b;c=d")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("~!", "~!")]
    public void A_key_is_bare_or_a_quoted_string(string header, string key) =>
        IdempotencyKeys.FromHeader(header).Value.ShouldBe(key);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("ü")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("\"a")]
    [InlineData("\"a b\"")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"a\\\"")]
    [InlineData("\"a\";p=1")]
    public void Anything_else_is_no_key(string header) =>
        IdempotencyKeys.FromHeader(header).ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);

    [Fact]
    public void A_key_has_up_to_255_characters_in_the_header_and_in_the_body()
    {
        var longest = new string('k', Limits.IdempotencyKeyLengthMax);
        IdempotencyKeys.FromHeader(longest).Value.ShouldBe(longest);
        IdempotencyKeys.FromHeader($"\"{longest}\"").Value.ShouldBe(longest);
        IdempotencyKeys.FromHeader(longest + "k").ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);
        Drafts.Read($$"""{"text":"a","idempotency_key":"{{longest}}"}""", key: null).Value.Key.Value.ShouldBe(longest);
        Drafts
            .Read($$"""{"text":"a","idempotency_key":"{{longest}}k"}""", key: null)
            .ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);
        Drafts.Read("""{"text":"a","idempotency_key":""}""", key: null).ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);
    }

    [Fact]
    public void Several_header_lines_are_no_key() =>
        IdempotencyKeys.FromHeader(new StringValues(["a", "a"])).ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);

    [Fact]
    public void A_post_has_a_key_from_either_place_and_both_must_agree()
    {
        Drafts.Read("""{"text":"a"}""", "k").Value.Key.Value.ShouldBe("k");
        Drafts.Read("""{"text":"a","idempotency_key":"k"}""", null).Value.Key.Value.ShouldBe("k");
        Drafts.Read("""{"text":"a","idempotency_key":"k"}""", "\"k\"").Value.Key.Value.ShouldBe("k");
        Drafts.Read("""{"text":"a","idempotency_key":"k"}""", "K").ShouldRefuse(ErrorCodes.InvalidIdempotencyKey);
        Drafts.Read("""{"text":"a"}""", null).ShouldRefuse(ErrorCodes.IdempotencyKeyRequired);
        Drafts.Read("""{"text":"a","idempotency_key":null}""", null).ShouldRefuse(ErrorCodes.IdempotencyKeyRequired);
    }

    [Fact]
    public void A_wrong_member_goes_before_a_wrong_key() =>
        Drafts.Read("""{"text":1,"idempotency_key":" "}""", " ").ShouldRefuse(ErrorCodes.InvalidRequest, "text");
}
