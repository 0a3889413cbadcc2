namespace Ams.Api.Tests.Messages;

public sealed class LiveRouteTests : IAsyncLifetime
{
    private static readonly string Events = RouteHost.Channel + "/events";

    private readonly RouteHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_long_poll_answers_with_the_next_event()
    {
        _host.Log.AppendMany(2);
        var poll = _host.GetAsync(Events + "?after=2&wait=60");
        await WaitForFeedsAsync(1);
        _host.Log.Append("""{"n":3}""");
        (await poll).Body.ShouldBe(
            """{"items":[{"n":3}],"head_seq":3,"first_available_seq":1,"log_id":"log_1","next_after":3,"has_more":false}"""
        );
        await WaitForFeedsAsync(0);
    }

    [Fact]
    public async Task A_long_poll_with_something_to_give_does_not_wait()
    {
        _host.Log.AppendMany(2);
        (await _host.GetAsync(Events + "?after=1&wait=60")).Json.GetProperty("next_after").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_long_poll_ends_with_an_empty_page_at_the_end_of_its_time()
    {
        var answer = await _host.GetAsync(Events + "?wait=1");
        answer.ShouldBe(200);
        answer.Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        answer.Json.GetProperty("next_after").GetInt64().ShouldBe(0);
        await WaitForFeedsAsync(0);
    }

    [Fact]
    public async Task A_waiting_long_poll_ends_at_once_with_the_refusal_when_the_token_is_revoked()
    {
        var poll = _host.GetAsync(Events + "?wait=60");
        await WaitForFeedsAsync(1);
        _host.Directory.Revoke();
        (await poll).ShouldBe(401, "token_revoked");
    }

    [Fact]
    public async Task A_waiting_long_poll_ends_at_once_when_the_channel_is_lost_and_goes_on_when_it_only_changes()
    {
        var poll = _host.GetAsync(Events + "?wait=60");
        await WaitForFeedsAsync(1);
        _host.Directory.RenameTheChannel();
        await WaitForFeedsAsync(1);
        poll.IsCompleted.ShouldBeFalse();
        _host.Directory.Hide();
        (await poll).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task A_stream_replays_then_goes_on_live()
    {
        _host.Log.AppendMany(12);
        using var stream = await SseReader.OpenAsync(_host, Events + "?after=10");
        (await stream.NextAsync()).ShouldBe(("11", """{"n":11}"""));
        (await stream.NextAsync()).ShouldBe(("12", """{"n":12}"""));
        _host.Log.Append("""{"n":13}""");
        (await stream.NextAsync()).ShouldBe(("13", """{"n":13}"""));
    }

    [Fact]
    public async Task Last_Event_ID_goes_before_after()
    {
        _host.Log.AppendMany(5);
        using var stream = await SseReader.OpenAsync(_host, Events + "?after=1", lastEventId: "4");
        (await stream.NextAsync()).ShouldBe(("5", """{"n":5}"""));
    }

    [Fact]
    public async Task A_Last_Event_ID_that_is_none_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Events, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "x");
        using var response = await _host.Client.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_stream_outlives_a_change_of_the_channel_without_a_gap_or_a_repeat()
    {
        using var stream = await SseReader.OpenAsync(_host, Events);
        for (var n = 1; n <= 20; n++)
        {
            _host.Log.Append($$"""{"n":{{n}}}""");
            _host.Directory.RenameTheChannel();
            (await stream.NextAsync()).ShouldBe(($"{n}", $$"""{"n":{{n}}}"""));
        }
    }

    [Fact]
    public async Task A_stream_ends_at_once_when_the_token_is_revoked_and_gives_nothing_more()
    {
        using var stream = await SseReader.OpenAsync(_host, Events);
        await WaitForFeedsAsync(1);
        _host.Directory.Revoke();
        _host.Log.Append("""{"n":1}""");
        (await stream.NextAsync()).ShouldBeNull();
        await WaitForFeedsAsync(0);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_does()
    {
        _host.Directory.ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(1);
        using var stream = await SseReader.OpenAsync(_host, Events);
        _host.Directory.Revoke(tell: false);
        (await stream.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_reader_that_goes_away_leaves_nothing_behind()
    {
        var stream = await SseReader.OpenAsync(_host, Events);
        await WaitForFeedsAsync(1);
        stream.Dispose();
        await WaitForFeedsAsync(0);
    }

    private async Task WaitForFeedsAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_host.Log.OpenFeeds != count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class SseReader(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        public static async Task<SseReader> OpenAsync(RouteHost host, string path, string? lastEventId = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
            if (lastEventId is not null)
                request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            ((int)response.StatusCode).ShouldBe(200);
            return new SseReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>The next event, or null at the end.</summary>
        public async Task<(string Id, string Data)?> NextAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            string? id = null;
            string? data = null;
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
                else if (line.Length == 0 && id is not null && data is not null)
                    return (id, data);
                else if (line.Length > 0)
                    line.ShouldBe(":");
            }

            return null;
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
