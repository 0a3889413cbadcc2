using System.Diagnostics;
using Ams.Benchmarks.Load;

namespace Ams.Benchmarks.Workloads;

/// <summary>One reader replays a log of 100,000 events: through the socket, as ndjson, and in JSON pages of 1,000.</summary>
internal sealed class ReplayWorkload : IWorkload
{
    private const int Events = 100_000;
    private const int Rounds = 5;
    private const int Writers = 64;

    private static readonly (string Name, Func<Bench, string, CancellationToken, Task<long>> Read)[] Doors =
    [
        ("socket", LogReader.SocketAsync),
        ("ndjson", LogReader.NdjsonAsync),
        ("JSON pages", LogReader.PagesAsync),
    ];

    public string Name => "replay";

    public async Task<IReadOnlyList<Result>> RunAsync(Action<string> progress, CancellationToken ct)
    {
        await using var bench = await Bench.StartAsync(ct);
        var channel = await bench.ChannelAsync("replay", ct);
        progress($"replay: posting {Events} events");
        await FillAsync(bench, channel, ct);

        var measured = Doors.ToDictionary(
            door => door.Name,
            _ => new List<(double PerSecond, double ServerCpu, double LoadCpu)>()
        );
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, read) in Doors)
            {
                var serverCpu = bench.ServerCpu;
                var loadCpu = Bench.LoadCpu;
                var started = Stopwatch.GetTimestamp();
                var last = await read(bench, channel, ct);
                var elapsed = Stopwatch.GetElapsedTime(started);
                if (last != Events)
                    throw new InvalidDataException($"{name} ended at {last}, not at {Events}.");
                if (round == 0)
                    continue; // warms up: not counted
                measured[name]
                    .Add(
                        (
                            Events / elapsed.TotalSeconds,
                            (bench.ServerCpu - serverCpu).TotalMicroseconds / Events,
                            (Bench.LoadCpu - loadCpu).TotalMicroseconds / Events
                        )
                    );
                progress($"replay, {name}, round {round}: {measured[name][^1].PerSecond:0} events/s");
            }
        }
        return
        [
            .. Doors.Select(door => new Result(
                $"replay of {Events} events, {door.Name}",
                new[]
                {
                    ("events_per_second", Statistics.Median(measured[door.Name].Select(round => round.PerSecond))),
                    ("server_cpu_us_each", Statistics.Median(measured[door.Name].Select(round => round.ServerCpu))),
                    ("load_cpu_us_each", Statistics.Median(measured[door.Name].Select(round => round.LoadCpu))),
                }.ToFigures()
            )),
        ];
    }

    private static Task FillAsync(Bench bench, string channel, CancellationToken ct)
    {
        var posted = 0;
        return Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async _ =>
                {
                    using var connection = await HttpConnection.OpenAsync(bench.Server, ct);
                    int number;
                    while ((number = Interlocked.Increment(ref posted)) <= Events)
                    {
                        var request = HttpConnection.Request(
                            bench.Server,
                            "POST",
                            $"/v1/channels/{channel}/messages",
                            bench.Token,
                            $"Idempotency-Key: k-{number}\r\n",
                            $$"""{"text":"event {{number}}","payload":{"run":{{number}} } }"""
                        );
                        var (status, body) = await connection.ExchangeAsync(request, ct);
                        if (status != 201)
                            throw new InvalidDataException($"{status}: {System.Text.Encoding.UTF8.GetString(body.Span)}");
                    }
                })
        );
    }
}
