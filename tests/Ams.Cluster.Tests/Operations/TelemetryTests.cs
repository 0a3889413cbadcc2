using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Ams.Cluster.Tests.Processes;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Operations;

/// <summary>What a running server tells its operator, from outside.</summary>
public sealed class TelemetryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempDirectory _directory = new();
    private readonly ServerSetup _setup;

    public TelemetryTests() => _setup = new ServerSetup { Directory = _directory.Path };

    private Uri Operator => new($"http://127.0.0.1:{_setup.OperatorPort}");

    [Fact]
    public async Task A_post_its_commit_and_its_first_delivery_are_one_trace()
    {
        const string traceId = "0af7651916cd43dd8448eb211c80319c";
        using var collector = new Collector();
        await using var server = await ServerProcess.StartAsync(collector.Attach(_setup));
        using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
        using var socket = await FollowAsync(workload);

        using var request = Post(workload, "traced");
        request.Headers.Add("traceparent", $"00-{traceId}-b7ad6b7169203331-01");
        using var http = new HttpClient();
        using var response = await http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        await ReceiveAsync(socket, "traced");
        await Eventually.TrueAsync(
            () => Task.FromResult(collector.Spans.Count(span => span.TraceId == traceId) >= 3),
            Patience,
            "the three spans were exported"
        );

        var spans = collector.Spans.Where(span => span.TraceId == traceId).ToList();
        var asked = spans.Single(span => span.ParentId == "b7ad6b7169203331");
        asked.Name.ShouldBe("POST /v1/channels/{id}/messages");
        var commit = spans.Single(span => span.Name == "ams.commit");
        commit.ParentId.ShouldBe(asked.SpanId);
        spans.Single(span => span.Name == "ams.deliver").ParentId.ShouldBe(commit.SpanId);
        await Eventually.TrueAsync(
            () => Task.FromResult(collector.Exports.Any(export => Holds(export.Body, "ams.ack.duration"))),
            Patience,
            "the figures were exported"
        );
    }

    [Fact]
    public async Task The_operator_port_has_the_figures_and_no_client_route_and_the_main_port_has_no_figures()
    {
        await using var server = await ServerProcess.StartAsync(_setup);
        using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
        using var socket = await FollowAsync(workload);
        using var http = new HttpClient();
        using (var request = Post(workload, "counted"))
        using (var response = await http.SendAsync(request))
            response.StatusCode.ShouldBe(HttpStatusCode.Created);
        await ReceiveAsync(socket, "counted");

        var figures = await http.GetStringAsync(new Uri(Operator, "/metrics"));

        Value(figures, "ams_ack_duration_seconds_count").ShouldBe(1);
        Value(figures, "ams_commit_events_sum").ShouldBe(1);
        Value(figures, "ams_events_delivered_total").ShouldBe(1);
        Value(figures, "ams_sockets").ShouldBe(1);
        Value(figures, "ams_actors").ShouldBe(1);
        Value(figures, "ams_mailbox_depth").ShouldBe(0);
        Value(figures, "ams_cache_lookups_total{ams_cache_name=\"tokens\",ams_cache_result=\"hit\"}").ShouldBeGreaterThan(0);
        Value(figures, "dotnet_process_memory_working_set_bytes").ShouldBeGreaterThan(1_000_000);
        figures.ShouldContain("http_route=\"/v1/channels/{id}/messages\"");
        figures.ShouldNotContain(workload.Channel);
        (await StatusAsync(http, new Uri(Operator, "/readyz"))).ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/v1/me", "/", "/v1/feed", "/v1/workspaces"])
            (await StatusAsync(http, new Uri(Operator, path))).ShouldBe(HttpStatusCode.NotFound, path);
        (await StatusAsync(http, new Uri(_setup.BaseAddress, "/metrics"))).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_line_of_the_figures_is_of_the_text_format_and_every_histogram_adds_up()
    {
        await using var server = await ServerProcess.StartAsync(_setup);
        using var workload = await Workload.CreateAsync(_setup.BaseAddress, CancellationToken.None);
        using var http = new HttpClient();

        var lines = (await http.GetStringAsync(new Uri(Operator, "/metrics"))).TrimEnd('\n').Split('\n');

        const string name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
        foreach (var line in lines)
            line.ShouldMatch(
                $"^(# HELP {name} .*|# TYPE {name} (counter|gauge|histogram)|{name}(\\{{({name}=\"([^\"\\\\]|\\\\.)*\",?)*\\}})? [-+0-9.eE]+)$"
            );
        lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ShouldBeUnique();
        var series = lines.Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToList();
        series.ShouldBeUnique();
        series
            .Count(one => one.Contains("le=\"+Inf\"", StringComparison.Ordinal))
            .ShouldBe(
                series.Count(one =>
                    one.Split('{')[0].EndsWith("_count", StringComparison.Ordinal)
                    && lines.Contains($"# TYPE {one.Split('{')[0][..^6]} histogram")
                )
            );
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, Uri address)
    {
        using var response = await http.GetAsync(address);
        return response.StatusCode;
    }

    private static double Value(string figures, string series) =>
        double.Parse(
            figures.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..],
            CultureInfo.InvariantCulture
        );

    private static bool Holds(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private HttpRequestMessage Post(Workload workload, string text)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(_setup.BaseAddress, $"/v1/channels/{workload.Channel}/messages")
        )
        {
            Content = new StringContent($$"""{"text": "{{text}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workload.Token);
        request.Headers.Add("Idempotency-Key", text);
        return request;
    }

    private async Task<ClientWebSocket> FollowAsync(Workload workload)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {workload.Token}");
        var path = new Uri(_setup.BaseAddress, $"/parties/channel-room/{workload.Channel}?after=0");
        await socket.ConnectAsync(new UriBuilder(path) { Scheme = "ws" }.Uri, CancellationToken.None);
        await ReceiveAsync(socket, "caught_up");
        return socket;
    }

    private static async Task ReceiveAsync(ClientWebSocket socket, string text)
    {
        using var bound = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), bound.Token);
            if (Holds(buffer[..part.Count], text))
                return;
        }
    }
}
