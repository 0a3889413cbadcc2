using System.Text;
using Ams.Benchmarks.Load;

namespace Ams.Benchmarks.Workloads;

/// <summary>
/// Does a log cost more as it grows? The same calls on a log of 100 events and on one of <c>AMS_BENCH_EVENTS</c> (default 1,000,000) on the same server: a post, the
/// newest page, a page from the middle. Rounds alternate.
/// </summary>
internal sealed class GrowthWorkload : IWorkload
{
    private const int SmallEvents = 100;
    private const int BatchMessages = 1000;
    private const int FillConnections = 4;
    private const int Rounds = 5;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);

    public string Name => "growth";

    public async Task<IReadOnlyList<Result>> RunAsync(Action<string> progress, CancellationToken ct)
    {
        var events = int.Parse(Environment.GetEnvironmentVariable("AMS_BENCH_EVENTS") ?? "1000000");
        await using var bench = await Bench.StartAsync(ct);
        var small = await bench.ChannelAsync("small", ct);
        var large = await bench.ChannelAsync("large", ct);
        await FillAsync(bench, small, SmallEvents, SmallEvents, _ => { }, ct);
        await FillAsync(bench, large, events, BatchMessages, progress, ct);

        using var connection = await HttpConnection.OpenAsync(bench.Server, ct);
        var keys = 0L;
        var calls = new (string Name, int Status, Func<string, int, byte[]> Request)[]
        {
            (
                "post",
                201,
                (channel, _) =>
                    HttpConnection.Request(
                        bench.Server,
                        "POST",
                        $"/v1/channels/{channel}/messages",
                        bench.Token,
                        $"Idempotency-Key: g-{Interlocked.Increment(ref keys)}\r\n",
                        """{"text":"deploy started"}"""
                    )
            ),
            ("newest page of 100 messages", 200, (channel, _) => Get(bench, $"/v1/channels/{channel}/messages")),
            (
                "50 events from the middle",
                200,
                (channel, length) => Get(bench, $"/v1/channels/{channel}/events?after={length / 2}&limit=50")
            ),
        };
        var results = new List<Result>();
        foreach (var (name, status, request) in calls)
        {
            var rounds = new Dictionary<string, List<Round>> { [small] = [], [large] = [] };
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var (channel, length) in new[] { (small, SmallEvents), (large, events) })
                {
                    var measured = (
                        await bench.RunAsync([connection], RoundTime, _ => request(channel, length), status, ct)
                    ).Round;
                    if (round > 0)
                        rounds[channel].Add(measured);
                }
            }
            var ratio = Statistics.Median(rounds[large].Zip(rounds[small], (l, s) => l.PerSecond / s.PerSecond));
            results.Add(
                new Result(
                    $"{name}: {events} events against {SmallEvents}",
                    new[]
                    {
                        ("large_per_second", Statistics.MedianOf(rounds[large]).PerSecond),
                        ("small_per_second", Statistics.MedianOf(rounds[small]).PerSecond),
                        ("large_p50_us", Statistics.MedianOf(rounds[large]).P50.TotalMicroseconds),
                        ("small_p50_us", Statistics.MedianOf(rounds[small]).P50.TotalMicroseconds),
                        ("ratio", ratio),
                    }.ToFigures()
                )
            );
            progress($"growth, {name}: {ratio:0.00} of the small log's rate");
        }
        return results;
    }

    private static byte[] Get(Bench bench, string path) => HttpConnection.Request(bench.Server, "GET", path, bench.Token);

    private static Task FillAsync(
        Bench bench,
        string channel,
        int events,
        int batch,
        Action<string> progress,
        CancellationToken ct
    )
    {
        var begun = 0;
        return Task.WhenAll(
            Enumerable
                .Range(0, FillConnections)
                .Select(async _ =>
                {
                    using var connection = await HttpConnection.OpenAsync(bench.Server, ct);
                    int first;
                    while ((first = Interlocked.Add(ref begun, batch) - batch) < events)
                    {
                        var body = new StringBuilder("{\"messages\":[");
                        for (var i = 0; i < batch; i++)
                            body.Append(i == 0 ? "" : ",")
                                .Append($$"""{"text":"event {{first + i}}","idempotency_key":"f-{{first + i}}"}""");
                        var path = $"/v1/channels/{channel}/messages:batch";
                        var request = HttpConnection.Request(
                            bench.Server,
                            "POST",
                            path,
                            bench.Token,
                            body: body.Append("]}").ToString()
                        );
                        var (status, answer) = await connection.ExchangeAsync(request, ct);
                        if (status != 201)
                            throw new InvalidDataException($"{status}: {Encoding.UTF8.GetString(answer.Span)}");
                        if (first % 500_000 == 0)
                            progress($"growth: {first} of {events} events are there");
                    }
                })
        );
    }
}
