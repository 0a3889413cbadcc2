using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Ams.Cluster.Tests.Processes;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Operations;

/// <summary>Secrets, right and wrong ones, put into every door of a real server that logs all it can; then looked for in all that it gave out.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string WrongToken = "wat_CANARYcanaryCANARYcanaryCANARYcanaryCANA1abcde";
    private const string WrongKey = "wat_CANARYplatformkey0123456789";
    private const string Pepper = "pepper \"of\" the canary\\0123456789abcdef";

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task No_secret_stands_in_any_log_line_trace_figure_or_problem_of_a_whole_run()
    {
        using var collector = new Collector();
        await File.WriteAllTextAsync(
            _directory.File("ams.conf"),
            """{ "log": { "level": "debug", "format": "json", "requests": true } }"""
        );
        var setup = collector.Attach(
            new ServerSetup { Directory = _directory.Path }
                .With("AMS_CONFIG", _directory.File("ams.conf"))
                .With("AMS_TOKEN_PEPPER", Pepper)
                .With("AMS_OPERATOR_KEY", "operator-key-of-the-canary")
        );
        await using var server = await ServerProcess.StartAsync(setup);
        using var workload = await Workload.CreateAsync(setup.BaseAddress, CancellationToken.None);
        string[] canaries = [workload.Token, WrongToken, WrongKey, ServerSetup.PlatformKey, Pepper, "operator-key-of-the-canary"];
        using var http = new HttpClient { BaseAddress = setup.BaseAddress };
        var problems = new StringBuilder();

        foreach (var canary in canaries)
        {
            foreach (var request in Requests(workload, canary))
            {
                using (request)
                using (var response = await http.SendAsync(request))
                {
                    if ((int)response.StatusCode >= 400)
                        problems.AppendLine(await response.Content.ReadAsStringAsync());
                }
            }
            await OpenSocketAsync(setup.BaseAddress, workload, canary, problems);
        }
        var figures = await http.GetStringAsync(new Uri($"http://127.0.0.1:{setup.OperatorPort}/metrics"));
        await server.StopAsync();

        server.Output.Lines.Count.ShouldBeGreaterThan(50);
        collector.Spans.Count.ShouldBeGreaterThan(20);
        problems.Length.ShouldBeGreaterThan(1000);
        foreach (var canary in canaries)
        {
            server.Output.Text.ShouldNotContain(canary, Case.Sensitive);
            figures.ShouldNotContain(canary, Case.Sensitive);
            problems.ToString().Split('\n').Where(line => line.Contains(canary, StringComparison.Ordinal)).ShouldBeEmpty();
            foreach (var (path, body) in collector.Exports)
                (body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) < 0).ShouldBeTrue($"{path} holds {canary}");
        }
    }

    public void Dispose() => _directory.Dispose();

    private static IEnumerable<HttpRequestMessage> Requests(Workload workload, string canary)
    {
        var inUrl = Uri.EscapeDataString(canary);
        var messages = $"/v1/channels/{workload.Channel}/messages";
        yield return Get("/v1/me", canary);
        yield return Get($"/v1/me?token={inUrl}", workload.Token);
        yield return Get($"/v1/channels/{inUrl}", workload.Token);
        yield return Get($"/v1/channels/{workload.Channel}/events?after={inUrl}", workload.Token);
        yield return Get($"/v1/channels/{workload.Channel}/events?log_id={inUrl}", workload.Token);
        yield return Get($"/{inUrl}", token: null);
        yield return Json(messages, workload.Token, canary, "{\"text\": \"hello\"}");
        yield return Json(messages, workload.Token, "k" + canary.Length, $"{{\"{InJson(canary)}\": 1}}");
        yield return Json(
            messages,
            workload.Token,
            "k" + canary.Length,
            $"{{\"text\": 1, \"mentions\": [\"{InJson(canary)}\"]}}"
        );
        yield return Json(messages, workload.Token, "k" + canary.Length, InJson(canary));
        yield return Json($"/v1/channels/{inUrl}/messages", workload.Token, "key", "{\"text\": \"hello\"}");
        yield return Json("/v1/channels", workload.Token, "key", $"{{\"name\": \"{InJson(canary)}\"}}");
        var create = Json("/v1/workspaces", token: null, "key", "{\"name\": \"x\", \"slug\": \"Not A Slug\"}");
        create.Headers.TryAddWithoutValidation("X-Platform-Key", canary);
        yield return create;
        var identified = Get("/v1/me", token: null);
        identified.Headers.TryAddWithoutValidation("User-Agent", canary);
        identified.Headers.TryAddWithoutValidation("Origin", canary);
        identified.Headers.TryAddWithoutValidation("Authorization", "Basic " + canary);
        yield return identified;
    }

    private static string InJson(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static HttpRequestMessage Get(string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    private static HttpRequestMessage Json(string path, string? token, string key, string body)
    {
        var request = Get(path, token);
        request.Method = HttpMethod.Post;
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    // As a browser does it: the canary as the token of the subprotocol, then in frames of a socket that is let in.
    private static async Task OpenSocketAsync(Uri server, Workload workload, string canary, StringBuilder given)
    {
        var inUrl = Uri.EscapeDataString(canary);
        var room = new Uri(server, $"/parties/channel-room/{workload.Channel}?token={inUrl}");
        var address = new UriBuilder(room) { Scheme = "ws" }.Uri;
        if (canary.All(char.IsAsciiLetterOrDigit) || canary.StartsWith("wat_", StringComparison.Ordinal))
        {
            using var browser = new ClientWebSocket();
            browser.Options.AddSubProtocol("ams.v1");
            browser.Options.AddSubProtocol("ams.bearer." + canary);
            await browser.ConnectAsync(address, CancellationToken.None);
            await ReadAsync(browser, frames: 1, given);
        }
        if (!canary.StartsWith("wat_", StringComparison.Ordinal))
            return; // A frame's error may name the member to whoever sent it; only what has a token's form is taken out there.
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + workload.Token);
        await socket.ConnectAsync(address, CancellationToken.None);
        await ReadAsync(socket, frames: 2, given);
        var frame = $"{{\"type\": \"send\", \"ref\": \"1\", \"{InJson(canary)}\": 1}}";
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(frame),
            WebSocketMessageType.Text,
            endOfMessage: true,
            CancellationToken.None
        );
        await ReadAsync(socket, frames: 1, given);
    }

    private static async Task ReadAsync(ClientWebSocket socket, int frames, StringBuilder given)
    {
        var buffer = new byte[64 * 1024];
        for (; frames > 0; frames--)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            given.AppendLine(Encoding.UTF8.GetString(buffer, 0, part.Count)).AppendLine(socket.CloseStatusDescription);
        }
    }
}
