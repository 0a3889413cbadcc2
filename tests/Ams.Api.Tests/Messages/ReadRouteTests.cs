using System.Text.Json;

namespace Ams.Api.Tests.Messages;

public sealed class ReadRouteTests : IAsyncLifetime
{
    private static readonly string Messages = RouteHost.Channel + "/messages";
    private static readonly string Events = RouteHost.Channel + "/events";

    private readonly RouteHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_newest_page_comes_first_and_leads_back_to_the_beginning()
    {
        _host.Log.AppendMany(5);
        var newest = (await _host.GetAsync(Messages + "?limit=2")).Json;
        Numbers(newest).ShouldBe([4, 5]);
        newest.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        newest.GetProperty("head_seq").GetInt64().ShouldBe(5);
        newest.GetProperty("next_after").GetInt64().ShouldBe(5);
        newest.GetProperty("next_before").GetInt64().ShouldBe(4);
        var middle = (await _host.GetAsync(Messages + "?limit=2&before=4")).Json;
        Numbers(middle).ShouldBe([2, 3]);
        middle.GetProperty("next_after").GetInt64().ShouldBe(3);
        var first = (await _host.GetAsync(Messages + "?limit=2&before=2")).Json;
        Numbers(first).ShouldBe([1]);
        first.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        first.TryGetProperty("next_before", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Pages_forward_end_at_the_head()
    {
        _host.Log.AppendMany(3);
        var one = (await _host.GetAsync(Messages + "?after=0&limit=2")).Json;
        Numbers(one).ShouldBe([1, 2]);
        one.GetProperty("next_after").GetInt64().ShouldBe(2);
        var two = (await _host.GetAsync(Messages + "?after=2&limit=2")).Json;
        Numbers(two).ShouldBe([3]);
        two.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        two.GetProperty("next_after").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("/messages?after=4", "invalid_cursor")]
    [InlineData("/messages?after=-1", "invalid_cursor")]
    [InlineData("/messages?before=x", "invalid_cursor")]
    [InlineData("/messages?after=1&log_id=other", "invalid_cursor")]
    [InlineData("/messages?after=1&before=3", "invalid_request")]
    [InlineData("/messages?limit=0", "invalid_request")]
    [InlineData("/messages?limit=1001", "invalid_request")]
    [InlineData("/messages?thread=0", "invalid_request")]
    [InlineData("/events?after=4", "invalid_cursor")]
    [InlineData("/events?after=-1", "invalid_cursor")]
    [InlineData("/events?after=1e0", "invalid_cursor")]
    [InlineData("/events?after=9223372036854775808", "invalid_cursor")]
    [InlineData("/events?after=1&after=1", "invalid_cursor")]
    [InlineData("/events?log_id=other", "invalid_cursor")]
    [InlineData("/events?limit=1001", "invalid_request")]
    [InlineData("/events?wait=0", "invalid_request")]
    [InlineData("/events?wait=61", "invalid_request")]
    [InlineData("/seq", "invalid_request")]
    [InlineData("/seq?at=yesterday", "invalid_request")]
    public async Task A_query_that_can_t_be_served_is_refused(string path, string code)
    {
        _host.Log.AppendMany(3);
        (await _host.GetAsync(RouteHost.Channel + path)).ShouldBe(400, code);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    [InlineData("text/event-stream")]
    public async Task A_memory_of_another_log_is_told_where_this_one_is_in_every_form(string accept)
    {
        _host.Log.AppendMany(3);
        foreach (var query in new[] { "?after=4", "?log_id=other" })
        {
            var answer = await _host.GetAsync(Events + query, accept);
            answer.ShouldBe(400, "invalid_cursor");
            answer.Json.GetProperty("head_seq").GetInt64().ShouldBe(3);
            answer.Json.GetProperty("log_id").GetString().ShouldBe(FakeChannel.LogId);
        }
    }

    [Fact]
    public async Task What_retention_removed_is_410()
    {
        _host.Log.AppendMany(5);
        _host.Log.FirstAvailable = 3;
        var answer = await _host.GetAsync(Events + "?after=1");
        answer.ShouldBe(410, "log_truncated");
        answer.Json.GetProperty("first_available_seq").GetInt64().ShouldBe(3);
        (await _host.GetAsync(Events + "?after=2")).ShouldBe(200);
    }

    [Fact]
    public async Task A_page_of_events_has_the_stored_bytes_and_where_to_go_on()
    {
        _host.Log.AppendMany(3);
        (await _host.GetAsync(Events + "?limit=2")).Body.ShouldBe(
            """{"items":[{"n":1},{"n":2}],"head_seq":3,"first_available_seq":1,"log_id":"log_1","next_after":2,"has_more":true}"""
        );
        (await _host.GetAsync(Events + "?after=3&log_id=log_1")).Body.ShouldBe(
            """{"items":[],"head_seq":3,"first_available_seq":1,"log_id":"log_1","next_after":3,"has_more":false}"""
        );
    }

    [Fact]
    public async Task One_message_and_the_way_from_a_time_to_a_number()
    {
        _host.Log.AppendMany(1);
        (await _host.GetAsync(Messages + "/1")).Body.ShouldBe("""{"n":1}""");
        (await _host.GetAsync(Messages + "/2")).ShouldBe(404, "not_found");
        (await _host.GetAsync(RouteHost.Channel + "/seq?at=2026-11-22T08:00:00Z")).Body.ShouldBe("""{"channel_seq":3}""");
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("image/png", "application/json")]
    [InlineData("!", "application/json")]
    [InlineData("text/*", "text/event-stream")]
    [InlineData("application/x-ndjson, */*", "application/x-ndjson")]
    [InlineData("application/x-ndjson;q=0.5, application/json", "application/json")]
    [InlineData("application/json;q=0, application/x-ndjson;q=0.1", "application/x-ndjson")]
    public async Task The_form_follows_the_accept_header(string accept, string contentType)
    {
        _host.Log.AppendMany(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Events, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(contentType);
    }

    [Fact]
    public async Task Lines_are_the_log_from_after_to_the_head()
    {
        _host.Log.AppendMany(25);
        var answer = await _host.GetAsync(Events + "?after=1", "application/x-ndjson");
        answer.Body.ShouldBe(string.Concat(Enumerable.Range(2, 24).Select(n => $$"""{"n":{{n}}}""" + "\n")));
        (await _host.GetAsync(Events + "?after=25", "application/x-ndjson")).Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_on_the_way_aborts_the_lines()
    {
        _host.Log.AppendMany(25);
        _host.Log.Fault = new Actors.Persistence.StoreUnavailableException("gone");
        await Should.ThrowAsync<HttpRequestException>(() => _host.GetAsync(Events, "application/x-ndjson"));
    }

    private static long[] Numbers(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("n").GetInt64())];
}
