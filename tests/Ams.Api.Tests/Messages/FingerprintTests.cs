using System.Text;
using Ams.Api.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace Ams.Api.Tests.Messages;

public sealed class FingerprintTests
{
    [Fact]
    public void Any_order_spacing_and_escaping_of_the_same_request_has_the_same_fingerprint() =>
        Prop.ForAll(
                JsonModel.Bodies(),
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                (body, seed) =>
                {
                    var plain = Drafts.Fingerprint(body.Write(null));
                    return plain == Drafts.Fingerprint(body.Write(new Random(seed)));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_change_of_a_value_a_name_or_a_literal_has_another_fingerprint() =>
        Prop.ForAll(
                JsonModel.Bodies(),
                JsonModel.Bodies(),
                (one, other) =>
                    (one.Write(null) == other.Write(null))
                    == (Drafts.Fingerprint(one.Write(null)) == Drafts.Fingerprint(other.Write(null)))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("""{"text":"a"}""", """{"text":"b"}""")]
    [InlineData("""{"text":"a"}""", """{"text":"a","payload":{}}""")]
    [InlineData("""{"payload":{}}""", """{"payload":{},"text":""}""")]
    [InlineData("""{"payload":{"n":1}}""", """{"payload":{"n":1.0}}""")]
    [InlineData("""{"payload":{"n":1}}""", """{"payload":{"n":"1"}}""")]
    [InlineData("""{"payload":{"n":1e1}}""", """{"payload":{"n":1E1}}""")]
    [InlineData("""{"payload":{"n":null}}""", """{"payload":{}}""")]
    [InlineData("""{"payload":{"n":[1,2]}}""", """{"payload":{"n":[2,1]}}""")]
    [InlineData("""{"payload":{"n":[1,[2]]}}""", """{"payload":{"n":[[1],2]}}""")]
    [InlineData("""{"payload":{"a":{"b":1}}}""", """{"payload":{"a":{},"b":1}}""")]
    [InlineData("""{"text":"a","reply_to":1}""", """{"text":"a","reply_to":2}""")]
    [InlineData("""{"text":"a","reply_to":1}""", """{"text":"a","cause":1}""")]
    [InlineData("""{"text":"a","expected_head_seq":0}""", """{"text":"a"}""")]
    [InlineData("""{"text":"a","if_unanswered":false}""", """{"text":"a"}""")]
    [InlineData("""{"text":"a","mentions":[]}""", """{"text":"a"}""")]
    [InlineData("""{"text":"a","mentions":["x","y"]}""", """{"text":"a","mentions":["y","x"]}""")]
    [InlineData("""{"text":"a","mentions":["x","x"]}""", """{"text":"a","mentions":["x"]}""")]
    [InlineData("""{"text":"a","mentions":["ab","c"]}""", """{"text":"a","mentions":["a","bc"]}""")]
    public void Another_request_has_another_fingerprint(string one, string other) =>
        Drafts.Fingerprint(one).ShouldNotBe(Drafts.Fingerprint(other));

    [Theory]
    [InlineData("""{"text":"a","reply_to":null}""", """{"text":"a"}""")]
    [InlineData("""{"text":"\u0061\/"}""", """{"text":"a/"}""")]
    [InlineData("""{"text":"a","idempotency_key":"k"}""", """{"text":"a"}""")]
    [InlineData("""{"payload":{"b":{"d":"\u0041","c":[ 1 ]},"a":0}}""", """{"payload":{"a":0,"b":{"c":[1],"d":"A"}}}""")]
    [InlineData("""{"payload":{"\u0062":1,"a":2}}""", """{"payload":{"a":2,"b":1}}""")]
    public void The_same_request_has_the_same_fingerprint(string one, string other) =>
        Drafts.Fingerprint(one).ShouldBe(Drafts.Fingerprint(other));

    [Fact]
    public void A_change_is_told_apart_by_what_it_does_and_to_what()
    {
        string[] all =
        [
            Convert.ToHexString(Fingerprint.OfChange(Fingerprint.Operation.Delete, 1, "")),
            Convert.ToHexString(Fingerprint.OfChange(Fingerprint.Operation.Delete, 2, "")),
            Convert.ToHexString(Fingerprint.OfChange(Fingerprint.Operation.AddReaction, 1, "👍")),
            Convert.ToHexString(Fingerprint.OfChange(Fingerprint.Operation.AddReaction, 1, "👎")),
            Convert.ToHexString(Fingerprint.OfChange(Fingerprint.Operation.RemoveReaction, 1, "👍")),
            Convert.ToHexString(DraftReader.ReadEdit("""{"text":"a"}"""u8, 1).Value.Fingerprint.Span),
            Convert.ToHexString(DraftReader.ReadEdit("""{"text":"a"}"""u8, 2).Value.Fingerprint.Span),
            Drafts.Fingerprint("""{"text":"a"}"""),
        ];
        all.ShouldBeUnique();
    }

    [Fact]
    public void The_stored_form_never_changes()
    {
        // These stand in journals. A failure here means that yesterday's keys would be 422 tomorrow.
        Drafts
            .Fingerprint(
                """{"text":"hi","payload":{"b":[1,{"d":null,"c":"ü"}],"a":true},"reply_to":3,"mentions":["prn_a"],"cause":2}"""
            )
            .ShouldBe("6507DC3175F929179DE340AEAC1E40B7");
        Convert
            .ToHexString(Fingerprint.OfChange(Fingerprint.Operation.AddReaction, 5, "👍"))
            .ShouldBe("3C3258140B6905045548963B3120C014");
    }
}
