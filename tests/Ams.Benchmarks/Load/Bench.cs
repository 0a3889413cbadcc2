using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Ams.TestKit.Processes;

namespace Ams.Benchmarks.Load;

/// <summary>A running server with a workspace, for one workload. The load comes from this process, the server is another.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private ServerProcess _server = null!;

    public string Token { get; private set; } = "";

    public Uri Server => _server.BaseAddress;

    /// <summary>CPU time of the server so far, user and system.</summary>
    public TimeSpan ServerCpu => _server.CpuTime;

    /// <summary>CPU time of this load generator so far.</summary>
    public static TimeSpan LoadCpu => Environment.CpuUsage.TotalTime;

    public static async Task<Bench> StartAsync(CancellationToken ct)
    {
        var bench = new Bench();
        try
        {
            bench._server = await ServerProcess.StartAsync(new ServerSetup { Directory = bench._directory.Path }, ct);
        }
        catch
        {
            bench._directory.Dispose();
            throw;
        }
        using var create = new HttpRequestMessage(HttpMethod.Post, new Uri(bench.Server, "/v1/workspaces"));
        create.Headers.Add("X-Platform-Key", ServerSetup.PlatformKey);
        bench.Token = (await SendAsync(create, new { name = "Bench", slug = "bench" }, ct))
            .GetProperty("owner_token")
            .GetString()!;
        return bench;
    }

    public async Task<string> ChannelAsync(string name, CancellationToken ct)
    {
        using var create = new HttpRequestMessage(HttpMethod.Post, new Uri(Server, "/v1/channels"));
        create.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return (await SendAsync(create, new { name }, ct)).GetProperty("channel").GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Exchanges over so many connections for a time, each as fast as it is answered.</summary>
    /// <param name="request">Makes the next request of a connection; its number counts over all connections and rounds.</param>
    /// <param name="expectedStatus">Anything else ends the run.</param>
    public async Task<(Round Round, long Count)> RunAsync(
        IReadOnlyList<HttpConnection> connections,
        TimeSpan duration,
        Func<int, byte[]> request,
        int expectedStatus,
        CancellationToken ct
    )
    {
        var latencies = new List<TimeSpan>[connections.Count];
        var serverCpu = ServerCpu;
        var loadCpu = LoadCpu;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            connections.Select(
                (connection, i) =>
                    Task.Run(
                        async () =>
                        {
                            latencies[i] = [];
                            while (Stopwatch.GetElapsedTime(started) < duration)
                            {
                                var bytes = request(i);
                                var sent = Stopwatch.GetTimestamp();
                                var (status, body) = await connection.ExchangeAsync(bytes, ct);
                                latencies[i].Add(Stopwatch.GetElapsedTime(sent));
                                if (status != expectedStatus)
                                    throw new InvalidDataException($"{status}: {System.Text.Encoding.UTF8.GetString(body.Span)}");
                            }
                        },
                        ct
                    )
            )
        );
        var elapsed = Stopwatch.GetElapsedTime(started);
        var all = latencies.SelectMany(list => list).ToList();
        var round = new Round(
            all.Count / elapsed.TotalSeconds,
            Statistics.Quantile(all, 0.50),
            Statistics.Quantile(all, 0.99),
            (ServerCpu - serverCpu) / all.Count,
            (LoadCpu - loadCpu) / all.Count
        );
        return (round, all.Count);
    }

    private static async Task<JsonElement> SendAsync(HttpRequestMessage request, object body, CancellationToken ct)
    {
        using var http = new HttpClient();
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        using var response = await http.SendAsync(request, ct);
        var answer = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(answer).RootElement
            : throw new InvalidDataException($"{(int)response.StatusCode}: {answer}");
    }
}
