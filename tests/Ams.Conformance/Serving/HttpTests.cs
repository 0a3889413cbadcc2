using System.Net;

namespace Ams.Conformance.Serving;

public sealed class HttpTests
{
    [Fact, Promise(2, "JSON over HTTP/1.1 and HTTP/2, on the same address")]
    public async Task Http_2_with_prior_knowledge_gives_the_same_bytes()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        var said = await agent.SayAsync(channel, "x");
        var request = agent.Request(HttpMethod.Get, $"/v1/channels/{channel}/messages/1");
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var response = await Target.StreamAsync(request, CancellationToken.None);

        response.Version.ShouldBe(HttpVersion.Version20);
        (await Answer.ReadAsync(response, CancellationToken.None)).ShouldBe(200).Text.ShouldBe(said.Text);
    }

    [Fact, Promise(2, "/readyz is 200 while the node is ready")]
    public async Task A_ready_node_says_so()
    {
        var target = await Target.SharedAsync();

        (await Target.SendAsync(new HttpRequestMessage(HttpMethod.Get, target.At("/readyz")))).ShouldBe(200);
    }

    [Fact, Promise(4, "A problem tells type, title, status, detail, code, request_id and retryable")]
    public async Task A_problem_is_whole_and_bears_the_request_id()
    {
        var owner = (await World.NewAsync()).Owner;
        var request = owner.Request(HttpMethod.Get, "/v1/channels/chn_none");
        request.Headers.Add("X-Request-Id", "mine-17");

        (await Target.SendAsync(request))
            .ShouldBeProblem("not_found")
            .Json.GetProperty("request_id")
            .GetString()
            .ShouldBe("mine-17");
    }

    [Fact, Promise(5, "Creating answers 201 with Location")]
    public async Task What_was_created_has_a_place()
    {
        var world = await World.NewAsync();
        var member = (
            await world.Owner.PostAsync(
                "/v1/members",
                new
                {
                    name = "new",
                    kind = "agent",
                    role = "member",
                }
            )
        ).ShouldBe(201);
        var id = member.Json.GetProperty("member").GetProperty("id").GetString();
        var channel = (await world.Owner.PostAsync("/v1/channels", new { name = "new" })).ShouldBe(201);
        var token = (await world.Owner.PostAsync($"/v1/members/{id}/tokens", "{}")).ShouldBe(201);
        var at = channel.Header("Location").ShouldNotBeNull();
        var message = await world.Owner.SayAsync(channel.Json.GetProperty("channel").GetProperty("id").GetString()!, "x");

        member.Header("Location").ShouldBe($"/v1/members/{id}");
        token.Header("Location").ShouldBe($"/v1/tokens/{token.Json.GetProperty("token").GetProperty("id").GetString()}");
        (await world.Owner.GetAsync(at)).ShouldBe(200);
        (await world.Owner.GetAsync(message.Header("Location").ShouldNotBeNull())).Text.ShouldBe(message.Text);
    }

    [Fact, Promise(1, "Ids are a prefix and lower-case letters and digits; times are RFC 3339 in UTC with milliseconds")]
    public async Task Ids_and_times_have_one_form()
    {
        var (world, agent, channel) = await World.WithChannelAsync();
        var me = (await agent.GetAsync("/v1/me")).ShouldBe(200).Json;
        var said = (await agent.SayAsync(channel, "x")).Json;

        me.GetProperty("workspace").GetProperty("id").GetString()!.ShouldMatch("^wsp_[a-z0-9]+$");
        me.GetProperty("principal").GetProperty("id").GetString()!.ShouldMatch("^prn_[a-z0-9]+$");
        me.GetProperty("token").GetProperty("id").GetString()!.ShouldMatch("^tok_[a-z0-9]+$");
        channel.ShouldMatch("^chn_[a-z0-9]+$");
        said.GetProperty("id").GetString()!.ShouldMatch("^msg_[a-z0-9]+$");
        const string time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";
        said.GetProperty("created_at").GetString()!.ShouldMatch(time);
        me.GetProperty("workspace").GetProperty("created_at").GetString()!.ShouldMatch(time);
    }
}
