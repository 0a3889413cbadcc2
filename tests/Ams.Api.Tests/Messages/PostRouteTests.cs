using Ams.Actors.Channels;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

public sealed class PostRouteTests(RouteHost host) : IClassFixture<RouteHost>
{
    private static readonly string Messages = RouteHost.Channel + "/messages";

    [Fact]
    public async Task A_post_is_201_with_its_place_and_the_stored_bytes()
    {
        var answer = await host.SendAsync(HttpMethod.Post, Messages, """{ "text": "hi" }""", "k");
        answer.ShouldBe(201);
        answer.Body.ShouldBe("""{"text":"hi"}""");
        answer.Header("Location").ShouldBe($"{Messages}/{(await host.Log.HeadAsync("", default)).Head}");
        answer.Header("Cache-Control").ShouldBe("no-store");
        answer.Response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        var command = host.Log.Commands.OfType<PostMessage>().Last();
        command.Author.ShouldBe(new Author("prn_a", "Ann", PrincipalKind.Agent));
        command.Policy.ShouldBe(new ChannelPolicy(false, 30));
    }

    [Fact]
    public async Task A_repeat_is_200_and_says_so()
    {
        host.Log.Reply = _ => new Committed(7, "msg_7", "{\"n\":7}"u8.ToArray(), true);
        var answer = await host.SendAsync(HttpMethod.Post, Messages, """{"text":"hi"}""", "k");
        host.Log.Reply = null;
        answer.ShouldBe(200);
        answer.Header("Idempotency-Replayed").ShouldBe("true");
        answer.Body.ShouldBe("{\"n\":7}");
    }

    [Fact]
    public async Task Judgement_goes_scope_visibility_size_type_body_key()
    {
        host.Directory.Scopes = Scopes.MessagesRead;
        (await host.SendAsync(HttpMethod.Post, "/v1/channels/chn_no/messages", "{")).ShouldBe(403, "scope_missing");
        host.Directory.Scopes = ScopeNames.Everything;
        (await host.SendAsync(HttpMethod.Post, "/v1/channels/chn_no/messages", "{")).ShouldBe(404, "not_found");
        var over = new string(' ', Limits.RequestBytesMax) + "{";
        (await host.SendAsync(HttpMethod.Post, Messages, over, contentType: "text/plain")).ShouldBe(413, "body_too_large");
        (await host.SendAsync(HttpMethod.Post, Messages, "{", contentType: "text/plain")).ShouldBe(415, "unsupported_media_type");
        (await host.SendAsync(HttpMethod.Post, Messages, "{")).ShouldBe(400, "invalid_json");
        (await host.SendAsync(HttpMethod.Post, Messages, "{}")).ShouldBe(400, "invalid_request");
        (await host.SendAsync(HttpMethod.Post, Messages, """{"text":"a"}""")).ShouldBe(400, "idempotency_key_required");
        (await host.SendAsync(HttpMethod.Post, Messages, """{"text":"a"}""", "a b")).ShouldBe(400, "invalid_idempotency_key");
    }

    [Fact]
    public async Task An_unknown_principal_in_mentions_is_refused()
    {
        (await host.SendAsync(HttpMethod.Post, Messages, """{"text":"a","mentions":["prn_a"]}""", "k")).ShouldBe(201);
        var answer = await host.SendAsync(HttpMethod.Post, Messages, """{"text":"a","mentions":["prn_a","prn_b"]}""", "k");
        answer.ShouldBe(400, "invalid_request");
        answer.Json.GetProperty("errors").GetProperty("mentions")[0].GetString()!.ShouldContain("prn_b");
    }

    [Fact]
    public async Task A_batch_answers_with_every_event_in_order()
    {
        var answer = await host.SendAsync(
            HttpMethod.Post,
            Messages + ":batch",
            """{"messages":[{"text":"a","idempotency_key":"1"},{"text":"b","idempotency_key":"2"}]}"""
        );
        answer.ShouldBe(201);
        answer.Body.ShouldBe("""{"items":[{"text":"a"},{"text":"b"}],"replayed":[false,false]}""");
        var unknown = await host.SendAsync(
            HttpMethod.Post,
            Messages + ":batch",
            """{"messages":[{"text":"a","idempotency_key":"1"},{"text":"b","mentions":["prn_z"],"idempotency_key":"2"}]}"""
        );
        unknown.ShouldBe(400, "invalid_request");
        unknown.Json.GetProperty("errors").GetProperty("messages[1].mentions").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_of_repeats_only_is_200()
    {
        host.Log.Reply = _ => new BatchCommitted([new Committed(1, "msg_1", "{}"u8.ToArray(), true)]);
        var answer = await host.SendAsync(
            HttpMethod.Post,
            Messages + ":batch",
            """{"messages":[{"text":"a","idempotency_key":"1"}]}"""
        );
        host.Log.Reply = null;
        answer.ShouldBe(200);
        answer.Body.ShouldBe("""{"items":[{}],"replayed":[true]}""");
    }

    [Fact]
    public async Task A_refusal_of_the_channel_becomes_a_problem_with_the_event()
    {
        host.Log.Reply = _ => new Refused(new Refusal(ErrorCodes.HeadMoved, "It moved.") { Event = "{\"n\":1}"u8.ToArray() });
        var answer = await host.SendAsync(HttpMethod.Post, Messages, """{"text":"a","expected_head_seq":0}""", "k");
        host.Log.Reply = null;
        answer.ShouldBe(412, "head_moved");
        answer.Json.GetProperty("event").GetProperty("n").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_edit_answers_the_message_and_takes_a_key()
    {
        (await host.SendAsync(HttpMethod.Patch, Messages + "/9", """{"text":"new"}""")).ShouldBe(200);
        host.Log.Commands.OfType<EditMessage>().Last().Key.ShouldBeNull();
        (await host.SendAsync(HttpMethod.Patch, Messages + "/9", """{"text":"new"}""", "\"k\"")).Body.ShouldBe("\"new\"");
        var command = host.Log.Commands.OfType<EditMessage>().Last();
        command.MessageSeq.ShouldBe(9);
        command.Key.ShouldNotBeNull().Value.ShouldBe("k");
        command.PayloadJson.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    public async Task A_number_that_is_no_message_s_is_404(string seq)
    {
        (await host.SendAsync(HttpMethod.Get, $"{Messages}/{seq}")).ShouldBe(404, "not_found");
        (await host.SendAsync(HttpMethod.Delete, $"{Messages}/{seq}")).ShouldBe(404, "not_found");
        (await host.SendAsync(HttpMethod.Patch, $"{Messages}/{seq}", "{}")).ShouldBe(404, "not_found");
    }

    [Theory]
    [InlineData("%F0%9F%91%8D", "👍")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%252F", "%2F")]
    [InlineData("+1", "+1")]
    public async Task A_reaction_is_named_by_the_end_of_the_path(string segment, string emoji)
    {
        (await host.SendAsync(HttpMethod.Put, $"{Messages}/1/reactions/{segment}?x=/y")).ShouldBe(204);
        var command = host.Log.Commands.OfType<React>().Last();
        command.Emoji.ShouldBe(emoji);
        command.Remove.ShouldBeFalse();
        (await host.SendAsync(HttpMethod.Delete, $"{Messages}/1/reactions/{segment}")).ShouldBe(204);
        host.Log.Commands.OfType<React>().Last().Remove.ShouldBeTrue();
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("%0A")]
    [InlineData("%C2%85")]
    [InlineData("%ED%A0%80")]
    public async Task What_is_no_emoji_is_refused(string segment) =>
        (await host.SendAsync(HttpMethod.Put, $"{Messages}/1/reactions/{segment}")).ShouldBe(400, "invalid_request");

    [Fact]
    public async Task An_emoji_has_up_to_64_bytes()
    {
        var longest = new string('e', Limits.EmojiBytesMax);
        (await host.SendAsync(HttpMethod.Put, $"{Messages}/1/reactions/{longest}")).ShouldBe(204);
        (await host.SendAsync(HttpMethod.Put, $"{Messages}/1/reactions/{longest}e")).ShouldBe(400, "invalid_request");
    }
}
