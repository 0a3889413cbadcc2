using System.Text;

namespace Ams.Conformance.Posting;

public sealed class StrictJsonTests
{
    [Theory, Promise(1, "A request with a member that its route does not list is 400 invalid_request naming it")]
    [InlineData("""{"text":"x","txt":1}""", "txt")]
    [InlineData("""{"text":"x","Text":"y"}""", "Text")]
    [InlineData("""{"text":"x","channel_seq":1}""", "channel_seq")]
    public async Task An_unlisted_member_is_named(string body, string member)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).ShouldBeProblem("invalid_request").ShouldName(member);
    }

    [Theory, Promise(1, "The same member twice at any depth, the payload included, is 400 invalid_request naming it")]
    [InlineData("""{"text":"x","text":"x"}""", "text")]
    [InlineData("""{"text":"x","t\u0065xt":"y"}""", "text")]
    [InlineData("""{"payload":{"dup":1,"dup":1}}""", "dup")]
    [InlineData("""{"payload":{"a":[{"deep":{"dup":1,"dup":2}}]}}""", "dup")]
    public async Task A_member_given_twice_is_named(string body, string member)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).ShouldBeProblem("invalid_request").ShouldName(member);
    }

    [Theory, Promise(4, "A body that is not JSON is 400 invalid_json")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"text":"x",}""")]
    [InlineData("""{"text":"x"} // comment""")]
    [InlineData("""{'text':'x'}""")]
    [InlineData("""{"text":NaN}""")]
    [InlineData("""{"text":"x"}x""")]
    [InlineData("{\"text\":\"a\nb\"}")]
    public async Task A_body_that_is_not_json_is_refused(string body)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).ShouldBeProblem("invalid_json");
    }

    [Fact, Promise(4, "A body that is not UTF-8 is 400 invalid_json")]
    public async Task A_body_that_is_not_utf8_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        byte[] overlong = [.. "{\"text\":\""u8, 0xC0, 0xAF, .. "\"}"u8];

        (await agent.SayAsync(channel, (object)overlong, "k")).ShouldBeProblem("invalid_json");
    }

    [Theory, Promise(4, "A body that is JSON but no object is a 400")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    public async Task A_body_that_is_no_object_is_refused(string body)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).Status.ShouldBe(400);
    }

    [Theory, Promise(1, "A member of the wrong type is 400 naming it")]
    [InlineData("""{"text":1}""", "text")]
    [InlineData("""{"text":["x"]}""", "text")]
    [InlineData("""{"text":"x","mentions":"prn_1"}""", "mentions")]
    [InlineData("""{"text":"x","mentions":[1]}""", "mentions")]
    public async Task A_member_of_the_wrong_type_is_named(string body, string member)
    {
        var (_, agent, channel) = await World.WithChannelAsync();

        (await agent.SayAsync(channel, (object)body, "k")).ShouldBeProblem("invalid_request").ShouldName(member);
    }

    [Theory, Promise(6, "A request is at most 1 MiB; over it is 413")]
    [InlineData((1024 * 1024), 201)]
    [InlineData((1024 * 1024) + 1, 413)]
    public async Task A_request_is_at_most_1_MiB(int bytes, int status)
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        const string message = """{"text":"x"}""";
        var body = message + new string(' ', bytes - message.Length);

        var answer = await agent.SayAsync(channel, (object)body, "k");

        answer.Status.ShouldBe(status, answer.Text);
    }

    [Fact, Promise(4, "Another media type is 415 unsupported_media_type")]
    public async Task A_body_of_another_media_type_is_refused()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var request = agent.Request(HttpMethod.Post, $"/v1/channels/{channel}/messages");
        request.Content = new StringContent("""{"text":"x"}""", Encoding.UTF8, "text/plain");
        request.Headers.Add("Idempotency-Key", "k");

        (await Target.SendAsync(request)).ShouldBeProblem("unsupported_media_type");
    }

    [Fact, Promise(4, "application/json with a charset of UTF-8 is JSON")]
    public async Task A_charset_of_utf8_is_accepted()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var request = agent.Request(HttpMethod.Post, $"/v1/channels/{channel}/messages");
        request.Content = new StringContent("""{"text":"x"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", "k");

        (await Target.SendAsync(request)).ShouldBe(201);
    }
}
