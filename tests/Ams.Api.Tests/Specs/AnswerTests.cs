using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ams.Api.Tests.Specs;

/// <summary>Real answers of every operation against the schemas that the document gives for them.</summary>
public sealed class AnswerTests(AmsServer server) : IClassFixture<AmsServer>
{
    [Fact]
    public async Task Every_success_that_the_document_promises_is_answered_and_fits_its_schema()
    {
        var calls = new Calls(server, await OpenApiSpec.LoadAsync(server.Http));
        await PagesAsync(calls);
        await WorkspacesAsync(calls);
        await MembersAsync(calls);
        await ChannelsAsync(calls);
        await MessagesAsync(calls);

        var promised =
            from operation in calls.Spec.Operations
            where
                !operation.Route.Contains("/parties/", StringComparison.Ordinal)
                && !operation.Route.EndsWith("/feed", StringComparison.Ordinal)
                && operation.Route != "GET /metrics" // Not on the main port of a server that is run for others.
            from response in operation.Operation["responses"]!.AsObject()
            where response.Key.StartsWith('2')
            select $"{operation.Route} {response.Key}";
        promised.Except(calls.Spec.Seen).ShouldBeEmpty("Call these here.");
    }

    [Fact]
    public async Task Problems_fit_the_schemas_that_the_document_gives_for_them()
    {
        var calls = new Calls(server, await OpenApiSpec.LoadAsync(server.Http));
        var owner = calls.Owner;
        var channel = await calls.Workspace.CreateChannelAsync();
        const string posts = "POST /v1/channels/{id}/messages";

        await calls.AsAsync(400, posts, owner, new { text = "no key" }, channel);
        await calls.AsAsync(
            400,
            posts,
            owner,
            new
            {
                text = "x",
                idempotency_key = "k",
                colour = "red",
            },
            channel
        );
        await calls.AsAsync(201, posts, owner, new { text = "x", idempotency_key = "k" }, channel);
        await calls.AsAsync(422, posts, owner, new { text = "y", idempotency_key = "k" }, channel);
        await calls.AsAsync(413, posts, owner, new { text = new string('x', 70_000), idempotency_key = "big" }, channel);
        await calls.AsAsync(400, "GET /v1/channels/{id}/events", owner, null, channel + "/events?after=99");
        await calls.AsAsync(409, "POST /v1/channels", owner, new { name = await NameOfAsync(calls, channel) });
        await calls.AsAsync(204, "DELETE /v1/channels/{id}", owner, null, channel);
        await calls.AsAsync(409, posts, owner, new { text = "late", idempotency_key = "late" }, channel);
        await calls.AsAsync(404, "GET /v1/channels/{id}", owner, null, "chn_none");
        await calls.AsAsync(401, "GET /v1/me", token: null);
    }

    private static async Task<string> NameOfAsync(Calls calls, string channel)
    {
        var (_, body) = await calls.Workspace.CallAsync(HttpMethod.Get, "/v1/channels/" + channel, calls.Owner);
        return body.GetProperty("channel").GetProperty("name").GetString()!;
    }

    private static async Task PagesAsync(Calls calls)
    {
        foreach (var page in new[] { "/", "/livez", "/readyz", "/docs", "/openapi/v1.json", "/asyncapi/v1.json" })
            await calls.AsAsync(200, "GET " + page, token: null);
        await calls.AsAsync(404, "GET /metrics", token: null);
        await calls.AsAsync(200, "GET /docs/{file}", token: null, body: null, "docs.js");
    }

    private async Task WorkspacesAsync(Calls calls)
    {
        await calls.PlatformAsync(201, "POST /v1/workspaces", new { name = "Another", slug = "another" });
        await calls.PlatformAsync(201, "POST /v1/workspaces/{slug}/recover", new { }, "another/recover");
        await calls.AsAsync(200, "GET /v1/workspace", calls.Owner);
        await calls.AsAsync(200, "PATCH /v1/workspace", calls.Owner, new { name = "Renamed" });
        await calls.AsAsync(200, "GET /v1/me", calls.Owner);
        await calls.AsAsync(200, "GET /v1/audit", calls.Owner);
        var doomed = await server.CreateWorkspaceAsync();
        await calls.AsAsync(204, "DELETE /v1/workspace", doomed.OwnerToken, null, "?confirm=" + doomed.Workspace.Slug);
    }

    private static async Task MembersAsync(Calls calls)
    {
        var created = await calls.AsAsync(
            201,
            "POST /v1/members",
            calls.Owner,
            new
            {
                name = "Build Bot",
                kind = "agent",
                role = "member",
                description = "builds",
            }
        );
        var id = created.GetProperty("member").GetProperty("id").GetString()!;
        await calls.AsAsync(200, "GET /v1/members", calls.Owner);
        await calls.AsAsync(200, "GET /v1/members/{id}", calls.Owner, null, id);
        await calls.AsAsync(200, "PATCH /v1/members/{id}", calls.Owner, new { description = "rests" }, id);
        var minted = await calls.AsAsync(
            201,
            "POST /v1/members/{id}/tokens",
            calls.Owner,
            new { name = "laptop" },
            id + "/tokens"
        );
        await calls.AsAsync(200, "GET /v1/members/{id}/tokens", calls.Owner, null, id + "/tokens");
        var token = minted.GetProperty("token").GetProperty("id").GetString()!;
        await calls.AsAsync(201, "POST /v1/tokens/{id}/rotate", calls.Owner, new { overlap_seconds = 60 }, token + "/rotate");
        await calls.AsAsync(204, "DELETE /v1/tokens/{id}", calls.Owner, null, token);
        await calls.AsAsync(204, "DELETE /v1/members/{id}", calls.Owner, null, id);
        await calls.AsAsync(200, "GET /v1/members/{id}", calls.Owner, null, id);
    }

    private static async Task ChannelsAsync(Calls calls)
    {
        var bot = await calls.Workspace.AddAsync();
        var created = await calls.AsAsync(
            201,
            "POST /v1/channels",
            calls.Owner,
            new { name = "deploys", topic = "what goes out" }
        );
        var id = created.GetProperty("channel").GetProperty("id").GetString()!;
        await calls.AsAsync(200, "GET /v1/channels", calls.Owner);
        await calls.AsAsync(200, "GET /v1/channels/{id}", calls.Owner, null, id);
        await calls.AsAsync(200, "PATCH /v1/channels/{id}", calls.Owner, new { topic = "releases" }, id);
        await calls.AsAsync(204, "PUT /v1/channels/{id}/members/{principal_id}", calls.Owner, new { }, $"{id}/members/{bot.Id}");
        await calls.AsAsync(200, "GET /v1/channels/{id}/members", calls.Owner, null, id + "/members");
        await calls.AsAsync(204, "DELETE /v1/channels/{id}/members/{principal_id}", calls.Owner, null, $"{id}/members/{bot.Id}");
        await calls.AsAsync(204, "DELETE /v1/channels/{id}", calls.Owner, null, id);
        await calls.AsAsync(200, "POST /v1/channels/{id}/unarchive", calls.Owner, new { }, id + "/unarchive");
        await calls.AsAsync(201, "POST /v1/direct", calls.Owner, new { principals = new[] { bot.Id } });
        await calls.AsAsync(200, "POST /v1/direct", calls.Owner, new { principals = new[] { bot.Id } });
    }

    private static async Task MessagesAsync(Calls calls)
    {
        var bot = await calls.Workspace.AddAsync();
        var id = await calls.Workspace.CreateChannelAsync();
        const string one = "/v1/channels/{id}/messages/{seq}";
        var first = new
        {
            text = "deploy started",
            payload = new { run = 17 },
            mentions = new[] { bot.Id },
            idempotency_key = "m-1",
        };
        await calls.AsAsync(201, "POST /v1/channels/{id}/messages", bot.Token, first, id + "/messages");
        await calls.AsAsync(200, "POST /v1/channels/{id}/messages", bot.Token, first, id + "/messages");
        var batch = new
        {
            messages = new[]
            {
                new
                {
                    text = "a",
                    reply_to = 1,
                    idempotency_key = "m-2",
                },
                new
                {
                    text = "b",
                    reply_to = 2,
                    idempotency_key = "m-3",
                },
            },
        };
        await calls.AsAsync(201, "POST /v1/channels/{id}/messages:batch", bot.Token, batch, id + "/messages:batch");
        await calls.AsAsync(200, "POST /v1/channels/{id}/messages:batch", bot.Token, batch, id + "/messages:batch");
        await calls.AsAsync(200, "PATCH " + one, bot.Token, new { text = "deploy finished" }, id + "/messages/1");
        await calls.AsAsync(204, $"PUT {one}/reactions/{{emoji}}", bot.Token, null, id + "/messages/1/reactions/tada");
        await calls.AsAsync(200, "GET " + one, bot.Token, null, id + "/messages/1");
        await calls.AsAsync(204, $"DELETE {one}/reactions/{{emoji}}", bot.Token, null, id + "/messages/1/reactions/tada");
        await calls.AsAsync(204, "DELETE " + one, bot.Token, null, id + "/messages/1");
        await calls.AsAsync(200, "GET /v1/channels/{id}/messages", bot.Token, null, id + "/messages");
        await calls.AsAsync(200, "GET /v1/channels/{id}/seq", bot.Token, null, id + "/seq?at=2100-01-01T00:00:00Z");
        await calls.AsAsync(200, "GET /v1/channels/{id}/events", bot.Token, null, id + "/events");
        await calls.AsAsync(200, "GET /v1/channels/{id}/events", bot.Token, null, id + "/events", accept: "application/x-ndjson");
    }

    /// <summary>Calls of one workspace, each held against the document.</summary>
    private sealed class Calls(AmsServer server, OpenApiSpec spec)
    {
        public OpenApiSpec Spec => spec;

        public TestWorkspace Workspace { get; } = server.CreateWorkspaceAsync().GetAwaiter().GetResult();

        public string Owner => Workspace.OwnerToken;

        public Task<JsonElement> PlatformAsync(int status, string route, object body, string rest = "") =>
            SendAsync(status, route, body, rest, null, headers => headers.Add("X-Platform-Key", AmsServer.PlatformKey));

        public Task<JsonElement> AsAsync(
            int status,
            string route,
            string? token,
            object? body = null,
            string rest = "",
            string? accept = null
        ) =>
            SendAsync(
                status,
                route,
                body,
                rest,
                accept,
                headers =>
                {
                    if (token is not null)
                        headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                }
            );

        /// <param name="rest">What follows the route's first parameter, or the query of a route without one.</param>
        private async Task<JsonElement> SendAsync(
            int status,
            string route,
            object? body,
            string rest,
            string? accept,
            Action<HttpRequestHeaders> credentials
        )
        {
            var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
            var first = pattern.IndexOf('{');
            using var request = new HttpRequestMessage(
                new HttpMethod(method),
                (first < 0 ? pattern : pattern[..first]) + Whole(pattern, first, rest)
            );
            credentials(request.Headers);
            if (accept is not null)
                request.Headers.Accept.ParseAdd(accept);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await server.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            ((int)response.StatusCode).ShouldBe(status, $"{route}: {text}");
            await spec.ShouldAllowAsync(route, response);
            return response.Content.Headers.ContentType?.MediaType == "application/json"
                ? JsonDocument.Parse(text).RootElement
                : default;
        }

        private static string Whole(string pattern, int first, string rest)
        {
            var tail = first < 0 ? "" : pattern[(pattern.IndexOf('}', first) + 1)..];
            return rest.Contains('/', StringComparison.Ordinal) || first < 0 ? rest : rest + tail;
        }
    }
}
