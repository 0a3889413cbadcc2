using System.Text;
using Ams.Api.Messages;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

public sealed class DraftReaderTests
{
    [Fact]
    public void A_whole_body_becomes_a_draft()
    {
        var draft = Drafts
            .Read(
                """
                {"text": "hi", "payload": {"run": 17}, "reply_to": 41, "mentions": ["prn_b", "prn_a"], "cause": 40,
                 "expected_head_seq": 0, "if_unanswered": true, "idempotency_key": "k"}
                """
            )
            .Value;
        Encoding.UTF8.GetString(draft.TextJson.Span).ShouldBe("\"hi\"");
        Encoding.UTF8.GetString(draft.PayloadJson.Span).ShouldBe("""{"run":17}""");
        draft.ReplyTo.ShouldBe(41);
        draft.Mentions.ShouldBe(["prn_b", "prn_a"]);
        draft.Cause.ShouldBe(40);
        draft.ExpectedHeadSeq.ShouldBe(0);
        draft.IfUnanswered.ShouldBeTrue();
        draft.Key.Value.ShouldBe("k");
        draft.Key.Fingerprint.Length.ShouldBe(16);
    }

    [Fact]
    public void Null_outside_the_payload_means_absent()
    {
        var draft = Drafts
            .Read(
                """
                {"text":"a","payload":null,"reply_to":null,"mentions":null,"cause":null,"expected_head_seq":null,"if_unanswered":null,"idempotency_key":null}
                """
            )
            .Value;
        draft.PayloadJson.IsEmpty.ShouldBeTrue();
        draft.ReplyTo.ShouldBeNull();
        draft.Mentions.ShouldBeEmpty();
        draft.Cause.ShouldBeNull();
        draft.ExpectedHeadSeq.ShouldBeNull();
        draft.IfUnanswered.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("""{"text":"a"} x""")]
    [InlineData("""{"text":"a"}{}""")]
    [InlineData("""{"text":"a",}""")]
    [InlineData("""{"text":'a'}""")]
    [InlineData("""{"text":"a" /* no */}""")]
    [InlineData("""{"text":"a","payload":{"x":01}}""")]
    [InlineData("""{"text":"a","payload":{"x":+1}}""")]
    [InlineData("""{"text":"a","payload":{"x":NaN}}""")]
    [InlineData("""{"text":"\x"}""")]
    [InlineData("""{"text":"\u12g4"}""")]
    [InlineData("{\"text\":\"a\nb\"}")]
    [InlineData("\ufeff{\"text\":\"a\"}")]
    public void What_is_not_JSON_is_invalid_json(string body) => Drafts.Read(body).ShouldRefuse(ErrorCodes.InvalidJson);

    [Fact]
    public void Not_being_JSON_goes_before_all_that_is_wrong_with_members() =>
        Drafts.Read("""{"text":1,"bogus":2,"reply_to":-1""").ShouldRefuse(ErrorCodes.InvalidJson);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_invalid_json_wherever_they_stand()
    {
        byte[][] broken =
        [
            [0xff],
            [0xc0, 0x80],
            [0xed, 0xa0, 0x80],
            [0xf5, 0x80, 0x80, 0x80],
            [0xe2, 0x82],
        ];
        foreach (var bytes in broken)
        {
            Drafts.Read([.. "{\"text\":\""u8, .. bytes, .. "\"}"u8]).ShouldRefuse(ErrorCodes.InvalidJson);
            Drafts.Read([.. "{\"text\":\"a\",\"payload\":{\""u8, .. bytes, .. "\":1}}"u8]).ShouldRefuse(ErrorCodes.InvalidJson);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"text\":\"a\"}]")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    public void A_body_that_is_no_object_is_invalid(string body) => Drafts.Read(body).ShouldRefuse(ErrorCodes.InvalidRequest);

    [Theory]
    [InlineData("""{"text":"a","bogus":1}""", "bogus")]
    [InlineData("""{"text":"a","Text":"b"}""", "Text")]
    [InlineData("""{"text":"a","":1}""", "")]
    [InlineData("""{"text":"a","type":"send"}""", "type")]
    [InlineData("""{"text":"a","ref":"1"}""", "ref")]
    [InlineData("""{"text":"a","bogus":null}""", "bogus")]
    [InlineData("""{"text":"a","text":"a"}""", "text")]
    [InlineData("""{"text":null,"text":"a"}""", "text")]
    [InlineData("""{"text":"a","te\u0078t":"b"}""", "text")]
    [InlineData("""{"text":1}""", "text")]
    [InlineData("""{"text":["a"]}""", "text")]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":""}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"text":"\udc00\ud800"}""", "text")]
    [InlineData("""{"text":"a\ud83d\u0041"}""", "text")]
    [InlineData("""{"text":"a","payload":[]}""", "payload")]
    [InlineData("""{"text":"a","payload":"{}"}""", "payload")]
    [InlineData("""{"text":"a","payload":1}""", "payload")]
    [InlineData("""{"text":"a","payload":{"a":1,"a":2}}""", "payload")]
    [InlineData("""{"text":"a","payload":{"a":1,"\u0061":2}}""", "payload")]
    [InlineData("""{"text":"a","payload":{"x":[{"b":{"a":1,"c":0,"a":null}}]}}""", "payload")]
    [InlineData("""{"text":"a","payload":{"x":"\ud800"}}""", "payload")]
    [InlineData("""{"text":"a","payload":{"\udfff":1}}""", "payload")]
    [InlineData("""{"text":"a","reply_to":0}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":-1}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":1.0}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":1e0}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":"1"}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":9223372036854775808}""", "reply_to")]
    [InlineData("""{"text":"a","reply_to":{"a":[1]}}""", "reply_to")]
    [InlineData("""{"text":"a","cause":0}""", "cause")]
    [InlineData("""{"text":"a","expected_head_seq":-0}""", "expected_head_seq")]
    [InlineData("""{"text":"a","expected_head_seq":-1}""", "expected_head_seq")]
    [InlineData("""{"text":"a","if_unanswered":1,"reply_to":1}""", "if_unanswered")]
    [InlineData("""{"text":"a","if_unanswered":true}""", "if_unanswered")]
    [InlineData("""{"text":"a","mentions":"prn_a"}""", "mentions")]
    [InlineData("""{"text":"a","mentions":{}}""", "mentions")]
    [InlineData("""{"text":"a","mentions":["prn_a",1]}""", "mentions[1]")]
    [InlineData("""{"text":"a","mentions":["prn_a",["prn_b"]]}""", "mentions[1]")]
    [InlineData("""{"text":"a","mentions":[null]}""", "mentions[0]")]
    [InlineData("""{"text":"a","mentions":[""]}""", "mentions[0]")]
    [InlineData("""{"text":"a","mentions":["\ud800"]}""", "mentions[0]")]
    [InlineData("""{"text":"a","idempotency_key":1}""", "idempotency_key")]
    [InlineData("""{"text":"a","idempotency_key":"\ud800"}""", "idempotency_key")]
    public void A_wrong_member_is_named(string body, string member) =>
        Drafts.Read(body).ShouldRefuse(ErrorCodes.InvalidRequest, member);

    [Fact]
    public void Several_wrong_members_are_named_at_once()
    {
        var refusal = Drafts.Read("""{"text":1,"reply_to":0,"bogus":{"a":[]},"mentions":3}""").Refusal.ShouldNotBeNull();
        refusal.Errors.ShouldNotBeNull().Keys.ShouldBe(["text", "reply_to", "bogus", "mentions"], ignoreOrder: true);
    }

    [Fact]
    public void A_flood_of_unknown_members_makes_a_short_answer()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"m{i}\":1")) + "}";
        Drafts.Read(body).Refusal.ShouldNotBeNull().Errors.ShouldNotBeNull().Count.ShouldBe(DraftFaults.MembersMax);
    }

    [Theory]
    [InlineData("""{"text":"","payload":{}}""", "\"\"")]
    [InlineData("""{"payload":{}}""", "\"\"")]
    [InlineData("""{"text":"\u0000"}""", "\"\\u0000\"")]
    [InlineData("""{"te\u0078t":"a"}""", "\"a\"")]
    [InlineData("""{"text":"\/\u0041\u00fc\u20ac\ud83d\ude00"}""", "\"/Aü€😀\"")]
    [InlineData("""{"text":"ü€😀"}""", "\"ü€😀\"")]
    [InlineData(
        """{"text":"\u0022\u005c\u0008\u0009\u000A\u000c\u000D\u001F\u007f"}""",
        "\"\\\"\\\\\\b\\t\\n\\f\\r\\u001f\u007f\""
    )]
    [InlineData("""{"text":"\"\\\b\t\n\f\r"}""", "\"\\\"\\\\\\b\\t\\n\\f\\r\"")]
    public void Text_is_written_with_no_escape_but_the_needed_ones(string body, string literal) =>
        Drafts.Text(body).ShouldBe(literal);

    [Theory]
    [InlineData("a", 1)]
    [InlineData("\\n", 1)]
    [InlineData("\\u0000", 1)]
    [InlineData("€", 3)]
    [InlineData("\\u20ac", 3)]
    [InlineData("\\ud83d\\ude00", 4)]
    public void Text_is_measured_in_UTF_8_of_its_value(string unit, int bytes)
    {
        var whole =
            string.Concat(Enumerable.Repeat(unit, Limits.TextBytesMax / bytes)) + new string('a', Limits.TextBytesMax % bytes);
        Drafts.Read($$"""{"text":"{{whole}}"}""").IsOk.ShouldBeTrue();
        Drafts.Read($$"""{"text":"{{whole}}a"}""").ShouldRefuse(ErrorCodes.BodyTooLarge);
    }

    [Fact]
    public void A_size_goes_before_a_wrong_member() =>
        Drafts
            .Read($$"""{"bogus":1,"text":"{{new string('a', Limits.TextBytesMax + 1)}}"}""")
            .ShouldRefuse(ErrorCodes.BodyTooLarge);

    [Fact]
    public void A_hundred_mentions_are_taken_and_one_more_is_not()
    {
        string Body(int count) =>
            $$"""{"text":"a","mentions":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"prn_{i}\""))}}]}""";
        Drafts.Read(Body(Limits.MentionsMax)).Value.Mentions.Count.ShouldBe(Limits.MentionsMax);
        Drafts.Read(Body(Limits.MentionsMax + 1)).ShouldRefuse(ErrorCodes.InvalidRequest, "mentions");
        Drafts.Read(Body(10_000)).ShouldRefuse(ErrorCodes.InvalidRequest, "mentions");
    }

    [Fact]
    public void A_principal_mentioned_again_is_mentioned_once_at_its_first_place() =>
        Drafts.Read("""{"text":"a","mentions":["prn_b","prn_a","prn_b"]}""").Value.Mentions.ShouldBe(["prn_b", "prn_a"]);

    [Fact]
    public void The_largest_sequence_number_is_taken() =>
        Drafts.Read("""{"text":"a","reply_to":9223372036854775807}""").Value.ReplyTo.ShouldBe(long.MaxValue);

    [Fact]
    public void An_edit_takes_text_and_payload_and_nothing_else()
    {
        var edit = DraftReader.ReadEdit("""{"text":""}"""u8, 7).Value;
        Encoding.UTF8.GetString(edit.TextJson.Span).ShouldBe("\"\"");
        edit.PayloadJson.IsEmpty.ShouldBeTrue();
        DraftReader.ReadEdit("""{"payload":{}}"""u8, 7).Value.TextJson.IsEmpty.ShouldBeTrue();
        DraftReader.ReadEdit("""{}"""u8, 7).ShouldRefuse(ErrorCodes.InvalidRequest, "text");
        DraftReader.ReadEdit("""{"text":null,"payload":null}"""u8, 7).ShouldRefuse(ErrorCodes.InvalidRequest, "text");
        DraftReader.ReadEdit("""{"text":"a","reply_to":1}"""u8, 7).ShouldRefuse(ErrorCodes.InvalidRequest, "reply_to");
        DraftReader
            .ReadEdit("""{"text":"a","idempotency_key":"k"}"""u8, 7)
            .ShouldRefuse(ErrorCodes.InvalidRequest, "idempotency_key");
    }

    [Fact]
    public void A_send_frame_gives_its_envelope_also_when_it_is_refused()
    {
        DraftReader
            .ReadSend("""{"type":"send","ref":"1","idempotency_key":"k","text":"a"}"""u8, onFeed: false, out var envelope)
            .Value.Key.Value.ShouldBe("k");
        envelope.ShouldBe(new SendEnvelope("1", null));
        DraftReader
            .ReadSend("""{"type":"send","ref":"2","channel_id":"chn_a","text":1}"""u8, onFeed: true, out envelope)
            .ShouldRefuse(ErrorCodes.InvalidRequest, "text");
        envelope.ShouldBe(new SendEnvelope("2", "chn_a"));
        DraftReader
            .ReadSend("""{"type":"send","ref":"3","text":"a"}"""u8, onFeed: false, out envelope)
            .ShouldRefuse(ErrorCodes.IdempotencyKeyRequired);
        DraftReader
            .ReadSend("""{"type":"send","channel_id":"chn_a","idempotency_key":"k","text":"a"}"""u8, onFeed: false, out envelope)
            .ShouldRefuse(ErrorCodes.InvalidRequest, "channel_id");
    }
}
