using Ams.Api.Feeds.Sockets;
using Ams.Contracts;

namespace Ams.Api.Tests.Feeds;

public sealed class SocketOpeningTests : IAsyncLifetime
{
    private SocketServer _server = null!;
    private string _token = "";
    private string _room = "";

    public async Task InitializeAsync()
    {
        _server = await SocketServer.StartAsync(new SocketSettings { Origins = ["https://app.example"] });
        _token = _server.Directory.AddToken("bot");
        var channel = _server.Directory.AddChannel("builds");
        _server.Log.Append(channel, "one");
        _room = $"/parties/channel-room/{channel}";
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", null, 401, "missing_token", 4501)]
    [InlineData("", "wat_nobody", 401, "unknown_token", 4501)]
    [InlineData("", "wat_blind", 403, "scope_missing", 4503)]
    [InlineData("no", "wat_bot", 404, "not_found", 4504)]
    [InlineData("?after=2", "wat_bot", 400, "invalid_cursor", 4509)]
    [InlineData("?after=-1", "wat_bot", 400, "invalid_cursor", 4509)]
    [InlineData("?after=x", "wat_bot", 400, "invalid_cursor", 4509)]
    [InlineData("?after=99999999999999999999", "wat_bot", 400, "invalid_cursor", 4509)]
    [InlineData("?after=1&log_id=other", "wat_bot", 400, "invalid_cursor", 4509)]
    public async Task A_refusal_is_a_problem_and_for_a_browser_a_close_code(
        string query,
        string? token,
        int status,
        string code,
        int close
    )
    {
        _server.Directory.AddToken("blind", Scopes.ChannelsRead);
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        await using var agent = await SocketClient.OpenAsync(_server.Address, _room + query, authorization);
        agent.Status.ShouldBe(status);
        agent.Problem.GetProperty("code").GetString().ShouldBe(code);

        await using var browser = await _server.BrowserAsync(_room + query, token);
        browser.Status.ShouldBe(101);
        browser.Head.ShouldContain("Sec-WebSocket-Protocol: ams.v1\r\n");
        (await browser.ClosedAsync()).Code.ShouldBe(close);
    }

    [Fact]
    public async Task A_bad_cursor_is_told_where_the_log_stands()
    {
        await using var client = await SocketClient.OpenAsync(
            _server.Address,
            _room + "?after=2",
            $"Authorization: Bearer {_token}\r\n"
        );
        client.Problem.GetProperty("head_seq").GetInt64().ShouldBe(1);
        client.Problem.GetProperty("log_id").GetString().ShouldBe(MemoryLog.LogId);
    }

    [Fact]
    public async Task A_browser_offers_its_token_as_a_subprotocol()
    {
        await using var client = await _server.BrowserAsync(_room, _token);
        client.Head.ShouldContain("Sec-WebSocket-Protocol: ams.v1\r\n");
        client.Head.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        client.Head.ShouldNotContain(_token);
        await client.NextAsync("hello");
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://app.example.evil.example", 403)]
    [InlineData("https://app.example", 101)]
    [InlineData("http://{self}", 101)]
    public async Task Only_known_origins_may_connect_and_a_foreign_one_is_always_403(string origin, int status)
    {
        origin = origin.Replace("{self}", _server.Address.Authority, StringComparison.Ordinal);
        await using var client = await _server.BrowserAsync(_room, _token, $"Origin: {origin}\r\n");
        client.Status.ShouldBe(status);
        if (status == 403)
            client.Problem.GetProperty("code").GetString().ShouldBe("origin_refused");
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused_and_told_which_one()
    {
        await using var client = await SocketClient.OpenAsync(
            _server.Address,
            _room,
            $"Authorization: Bearer {_token}\r\nSec-WebSocket-Protocol: ams.v1\r\n",
            version: "8"
        );
        client.Status.ShouldBe(400);
        client.Head.ShouldContain("Sec-WebSocket-Version: 13\r\n");
        client.Problem.GetProperty("code").GetString().ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        using var http = new HttpClient { BaseAddress = _server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _token);
        using var answer = await http.GetAsync(new Uri(_room, UriKind.Relative));
        ((int)answer.StatusCode).ShouldBe(400);
        answer.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_503_or_4003()
    {
        _server.Log.IsUnreadable = true;
        await using var agent = await SocketClient.OpenAsync(_server.Address, _room, $"Authorization: Bearer {_token}\r\n");
        agent.Status.ShouldBe(503);
        agent.Problem.GetProperty("code").GetString().ShouldBe("store_unavailable");
        await using var browser = await _server.BrowserAsync(_room, _token);
        (await browser.ClosedAsync()).Code.ShouldBe(4003);
    }
}
