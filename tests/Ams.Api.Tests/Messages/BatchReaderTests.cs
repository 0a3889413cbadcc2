using System.Text;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

public sealed class BatchReaderTests
{
    [Fact]
    public void Messages_keep_their_order_and_their_keys()
    {
        var drafts = Drafts
            .ReadBatch("""{"messages":[{"text":"a","idempotency_key":"1"},{"payload":{ },"idempotency_key":"2"}]}""")
            .Value;
        drafts.Select(draft => draft.Key.Value).ShouldBe(["1", "2"]);
        Encoding.UTF8.GetString(drafts[1].PayloadJson.Span).ShouldBe("{}");
    }

    [Fact]
    public void A_message_of_a_batch_is_the_same_request_as_a_post_of_its_own()
    {
        var alone = Drafts.Read("""{"text":"a","reply_to":1}""").Value.Key.Fingerprint;
        var within = Drafts
            .ReadBatch("""{"messages":[{"reply_to":1,"idempotency_key":"k","text":"a"}]}""")
            .Value[0]
            .Key.Fingerprint;
        within.Span.SequenceEqual(alone.Span).ShouldBeTrue();
    }

    [Fact]
    public void A_thousand_messages_are_taken_and_one_more_is_not()
    {
        static string Of(int count) =>
            $$"""{"messages":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"text":"a","idempotency_key":"{{i}}"}"""))}}]}""";
        Drafts.ReadBatch(Of(1)).Value.Count.ShouldBe(1);
        Drafts.ReadBatch(Of(Limits.BatchMessagesMax)).Value.Count.ShouldBe(Limits.BatchMessagesMax);
        Drafts.ReadBatch(Of(Limits.BatchMessagesMax + 1)).ShouldRefuse(ErrorCodes.InvalidRequest, "messages");
        Drafts.ReadBatch(Of(0)).ShouldRefuse(ErrorCodes.InvalidRequest, "messages");
    }

    [Theory]
    [InlineData("{}", "messages")]
    [InlineData("[]", "messages")]
    [InlineData("""{"messages":null}""", "messages")]
    [InlineData("""{"messages":{}}""", "messages")]
    [InlineData("""{"messages":[1]}""", "messages[0]")]
    [InlineData("""{"messages":[{"text":"a","idempotency_key":"1"}],"messages":[]}""", "messages")]
    [InlineData("""{"messages":[{"text":"a","idempotency_key":"1"}],"bogus":[]}""", "bogus")]
    [InlineData("""{"messages":[{"text":"a","idempotency_key":"1"},{"text":7}]}""", "messages[1].text")]
    [InlineData("""{"messages":[{"text":"a","idempotency_key":"1"},{"idempotency_key":"2"}]}""", "messages[1].text")]
    [InlineData("""{"messages":[{"text":"a","idempotency_key":"1","mentions":["a",2]}]}""", "messages[0].mentions[1]")]
    public void What_is_wrong_is_named_by_index(string body, string member) =>
        Drafts.ReadBatch(body).ShouldRefuse(ErrorCodes.InvalidRequest, member);

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var refusal = Drafts
            .ReadBatch("""{"messages":[{"text":1},{"text":"b","idempotency_key":"b"},{},{"bogus":1,"text":"a"}]}""")
            .Refusal;
        refusal
            .ShouldNotBeNull()
            .Errors.ShouldNotBeNull()
            .Keys.ShouldBe(["messages[0].text", "messages[2].text", "messages[3].bogus"], ignoreOrder: true);
    }

    [Fact]
    public void A_message_without_a_key_is_named()
    {
        Drafts
            .ReadBatch("""{"messages":[{"text":"a","idempotency_key":"1"},{"text":"b"}]}""")
            .ShouldRefuse(ErrorCodes.IdempotencyKeyRequired, "messages[1].idempotency_key");
        Drafts
            .ReadBatch("""{"messages":[{"text":"b","idempotency_key":"a b"}]}""")
            .ShouldRefuse(ErrorCodes.InvalidIdempotencyKey, "messages[0].idempotency_key");
    }

    [Fact]
    public void A_text_over_its_size_fails_the_batch_as_too_large() =>
        Drafts
            .ReadBatch($$"""{"messages":[{"text":"{{new string('a', Limits.TextBytesMax + 1)}}","idempotency_key":"1"}]}""")
            .ShouldRefuse(ErrorCodes.BodyTooLarge);

    [Fact]
    public void What_is_not_JSON_is_told_so_after_any_number_of_good_messages() =>
        Drafts.ReadBatch("""{"messages":[{"text":"a","idempotency_key":"1"}]""").ShouldRefuse(ErrorCodes.InvalidJson);
}
