using Ams.Benchmarks.Load;

namespace Ams.Benchmarks.Workloads;

/// <summary>
/// Durable posts a second into one channel, at 1 and at 64 connections, beside the cheapest POST the same server answers: one to an
/// unknown path under /v1, which pays for HTTP and for authentication, and does no work. Rounds of the two alternate, so that a
/// drift of the machine meets both.
/// </summary>
internal sealed class PostsWorkload : IWorkload
{
    private const int Rounds = 5;
    private const string EmptyPath = "/v1/nothing";
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(2);

    public string Name => "posts";

    public async Task<IReadOnlyList<Result>> RunAsync(Action<string> progress, CancellationToken ct)
    {
        await using var bench = await Bench.StartAsync(ct);
        var results = new List<Result>
        {
            new("fdatasync of 4 KiB", Figures(("p50_us", SyncProbe.MedianFdatasync().TotalMicroseconds))),
        };
        foreach (var count in new[] { 1, 64 })
            results.AddRange(await MeasureAsync(bench, count, progress, ct));
        return results;
    }

    private static async Task<IReadOnlyList<Result>> MeasureAsync(
        Bench bench,
        int count,
        Action<string> progress,
        CancellationToken ct
    )
    {
        var channel = await bench.ChannelAsync($"posts-{count}", ct);
        var connections = new List<HttpConnection>();
        try
        {
            while (connections.Count < count)
                connections.Add(await HttpConnection.OpenAsync(bench.Server, ct));

            const string body = """{"text":"deploy started","payload":{"run":17}}""";
            var empty = HttpConnection.Request(bench.Server, "POST", EmptyPath, bench.Token, body: body);
            var keys = 0L;
            byte[] Post(int _) =>
                HttpConnection.Request(
                    bench.Server,
                    "POST",
                    $"/v1/channels/{channel}/messages",
                    bench.Token,
                    $"Idempotency-Key: k-{Interlocked.Increment(ref keys)}\r\n",
                    body
                );

            await bench.RunAsync(connections, RoundTime, _ => empty, 404, ct); // warms up: not counted
            var posted = (await bench.RunAsync(connections, RoundTime, Post, 201, ct)).Count;
            var empties = new List<Round>();
            var posts = new List<Round>();
            for (var round = 1; round <= Rounds; round++)
            {
                empties.Add((await bench.RunAsync(connections, RoundTime, _ => empty, 404, ct)).Round);
                var (measured, answered) = await bench.RunAsync(connections, RoundTime, Post, 201, ct);
                posts.Add(measured);
                posted += answered;
                progress(
                    $"posts, {count} connections, round {round}: {measured.PerSecond:0}/s beside {empties[^1].PerSecond:0}/s empty"
                );
            }
            await LogReader.CheckAsync(bench, channel, posted, ct);

            var post = Statistics.MedianOf(posts);
            var nothing = Statistics.MedianOf(empties);
            var ratio = Statistics.Median(posts.Zip(empties, (p, e) => p.PerSecond / e.PerSecond));
            return
            [
                new($"durable posts, {count} connections", FiguresOf(post).Append(("ratio_to_empty", ratio)).ToFigures()),
                new($"empty POST {EmptyPath} (404), {count} connections", FiguresOf(nothing).ToFigures()),
            ];
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static IEnumerable<(string, double)> FiguresOf(Round round) =>
        [
            ("per_second", round.PerSecond),
            ("p50_us", round.P50.TotalMicroseconds),
            ("p99_us", round.P99.TotalMicroseconds),
            ("server_cpu_us_each", round.ServerCpuPerUnit.TotalMicroseconds),
            ("load_cpu_us_each", round.LoadCpuPerUnit.TotalMicroseconds),
        ];

    private static IReadOnlyDictionary<string, double> Figures(params (string, double)[] figures) => figures.ToFigures();
}
