namespace Ams.Conformance.Serving;

public sealed class ServingTests
{
    [Theory, Promise(2, "X-Request-Id is the caller's, if it sent 1 to 128 visible ASCII characters; else a new one")]
    [InlineData("a", true)]
    [InlineData("my-request/7", true)]
    [InlineData("with space", false)]
    [InlineData("é", false)]
    public async Task A_request_id_is_kept_if_it_is_one(string id, bool kept)
    {
        var answer = await WithRequestIdAsync(id);

        answer.Header("X-Request-Id").ShouldNotBeNullOrEmpty();
        (answer.Header("X-Request-Id") == id).ShouldBe(kept);
    }

    [Theory, Promise(2, "A request id has at most 128 characters")]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_request_id_has_at_most_128_characters(int length, bool kept)
    {
        var id = new string('i', length);

        ((await WithRequestIdAsync(id)).Header("X-Request-Id") == id).ShouldBe(kept);
    }

    [Theory, Promise(2, "/livez, /readyz and the page need no token")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/")]
    public async Task What_serves_everybody_needs_no_token(string path)
    {
        var target = await Target.SharedAsync();

        (await Target.SendAsync(new HttpRequestMessage(HttpMethod.Get, target.At(path)))).ShouldBe(200);
    }

    [Theory, Promise(5, "Anything else under /v1 is a problem+json 404")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v1/nonsense")]
    [InlineData("/v1/channels/x/y/z")]
    [InlineData("/v1/me/")]
    [InlineData("/v1/channels/%ff%fe")]
    [InlineData("/v1/../v1/nonsense")]
    public async Task An_unknown_path_is_404(string path)
    {
        var owner = (await World.NewAsync()).Owner;

        (await owner.GetAsync(path)).Status.ShouldBeOneOf(200, 404);
        (await owner.GetAsync("/v1/nonsense")).ShouldBeProblem("not_found");
    }

    [Theory, Promise(5, "A known path with another method is 405 with Allow")]
    [InlineData("DELETE", "/v1/me", "GET")]
    [InlineData("PUT", "/v1/channels", "GET, POST")]
    [InlineData("PUT", "/v1/members", "GET, POST")]
    [InlineData("GET", "/v1/workspaces", "POST")]
    public async Task Another_method_is_405_and_tells_which_there_are(string method, string path, string allowed)
    {
        var owner = (await World.NewAsync()).Owner;

        var answer = await Target.SendAsync(owner.Request(new HttpMethod(method), path));

        answer.ShouldBeProblem("method_not_allowed");
        var allow = answer.Header("Allow").ShouldNotBeNull().Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in allowed.Split(", "))
            allow.ShouldContain(name);
        allow.ShouldNotContain(method);
    }

    [Theory, Promise(4, "There is no 500: malformed bytes are refused")]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET /v1/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v1/me\0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /v1/workspaces HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \u00ff\u00fe\r\nConnection: close\r\n\r\n")]
    public async Task Malformed_bytes_are_a_4xx(string request)
    {
        var target = await Target.SharedAsync();

        var answer = await RawHttp.ExchangeAsync(target, request);

        answer.ShouldStartWith("HTTP/1.1 ");
        answer[9].ShouldBe('4', answer[..Math.Min(200, answer.Length)]);
        answer.ShouldNotContain("   at ");
    }

    [Fact, Promise(2, "HTTP/1.1 and HTTP/2; another version is told so")]
    public async Task A_version_of_http_that_is_none_is_505()
    {
        var target = await Target.SharedAsync();

        (await RawHttp.ExchangeAsync(target, "GET /v1/me HTTP/9.9\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 505 ");
    }

    private static async Task<Answer> WithRequestIdAsync(string id)
    {
        var target = await Target.SharedAsync();
        var raw = await RawHttp.ExchangeAsync(
            target,
            $"GET /livez HTTP/1.1\r\nHost: {target.BaseAddress.Authority}\r\nX-Request-Id: {id}\r\nConnection: close\r\n\r\n"
        );
        using var response = new HttpResponseMessage();
        foreach (var line in raw.Split("\r\n").Skip(1).TakeWhile(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            response.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim());
        }
        return new Answer(200, response.Headers, response.Content.Headers, []);
    }
}
