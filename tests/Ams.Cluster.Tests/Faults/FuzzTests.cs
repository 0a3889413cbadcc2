using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Faults;

/// <summary>Whatever bytes come: an answer below 500 or a close, no crash, no leak, no secret in the log.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Pipes = 4;
    private const int RequestsPerWrite = 32;
    private const int FramesPerSocket = 64;
    private const int FramesOfTen = 2;
    private const long GrowthBytesMax = 192L * 1024 * 1024;
    private const int OpenFilesMore = 32;

    [Fact]
    public Task Twenty_thousand_inputs_bring_no_500_no_crash_no_leak_and_no_secret_to_light() =>
        RunAsync(20_000, seed: 20261122, TimeSpan.FromMinutes(3));

    [Fact, Trait("Category", "Long")]
    public Task A_million_inputs_bring_no_500_no_crash_no_leak_and_no_secret_to_light() =>
        RunAsync(1_000_000, Random.Shared.Next(), TimeSpan.FromMinutes(20));

    private async Task RunAsync(int inputs, int seed, TimeSpan bound)
    {
        output.WriteLine($"seed {seed}");
        using var patience = new CancellationTokenSource(bound);
        var ct = patience.Token;
        using var directory = new TempDirectory();
        var config = directory.File("test.conf");
        await File.WriteAllTextAsync(config, """{ "log": { "level": "info", "requests": true } }""", ct);
        var setup = new ServerSetup { Directory = directory.Path }.With("AMS_CONFIG", config);
        await using var server = await ServerProcess.StartAsync(setup, ct);
        using var probe = await Probe.CreateAsync(setup.BaseAddress, ct);
        var findings = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();

        // The first tenth brings the server to its working size.
        var frames = await FuzzAsync(setup.BaseAddress, probe, seed, inputs / 10, findings, statuses, ct);
        var files = ProcessFigures.OpenFiles(server.Pid);
        var memory = ProcessFigures.ResidentBytes(server.Pid);
        frames += await FuzzAsync(setup.BaseAddress, probe, ~seed, inputs - inputs / 10, findings, statuses, ct);

        output.WriteLine(
            $"{frames} frames; answers: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} × {s.Key}"))}; "
                + $"memory {memory >> 20} → {ProcessFigures.ResidentBytes(server.Pid) >> 20} MiB"
        );
        findings.Take(10).ShouldBeEmpty($"seed {seed}");
        server.HasExited.ShouldBeFalse(server.Output.Text);
        (await probe.PostAsync("after", "after", ct)).Status.ShouldBe(HttpStatusCode.Created);
        (ProcessFigures.ResidentBytes(server.Pid) - memory).ShouldBeLessThan(GrowthBytesMax);
        await Eventually.TrueAsync(
            () => Task.FromResult(ProcessFigures.OpenFiles(server.Pid) <= files + OpenFilesMore),
            TimeSpan.FromSeconds(30),
            "descriptors and sockets are given back",
            ct
        );
        server.Output.Lines.Where(line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal)).Take(3).ShouldBeEmpty();
        server.Output.Text.ShouldContain("/messages", Case.Sensitive, "requests are logged");
        foreach (var secret in new[] { probe.Token, probe.Token[..^1], ServerSetup.PlatformKey, "pepper-of-the-tests" })
            server.Output.Text.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("a secret stands in the log");
    }

    private static async Task<int> FuzzAsync(
        Uri server,
        Probe probe,
        int seed,
        int inputs,
        ConcurrentQueue<string> findings,
        ConcurrentDictionary<int, int> statuses,
        CancellationToken ct
    )
    {
        var frames = inputs * FramesOfTen / 10;
        var requests = (inputs - frames) / Pipes;
        var work = Enumerable
            .Range(0, Pipes)
            .Select(i => RequestAsync(server, new FuzzInputs(seed + i, probe), requests, findings, statuses, ct))
            .Append(FrameAsync(server, probe, new FuzzInputs(seed + Pipes, probe), frames, ct));
        await Task.WhenAll(work);
        return frames;
    }

    private static async Task RequestAsync(
        Uri server,
        FuzzInputs inputs,
        int count,
        ConcurrentQueue<string> findings,
        ConcurrentDictionary<int, int> statuses,
        CancellationToken ct
    )
    {
        using var pipe = new FuzzPipe(server);
        for (var sent = 0; sent < count; sent += RequestsPerWrite)
            await pipe.SendAsync([.. Enumerable.Range(0, RequestsPerWrite).Select(_ => inputs.NextRequest())], Judge, ct);

        void Judge(FuzzRequest request, int status, ReadOnlyMemory<byte> answer)
        {
            statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
            var text = Encoding.Latin1.GetString(answer.Span);
            if (status is 0 or >= 500 || text.Contains("   at ", StringComparison.Ordinal))
                findings.Enqueue($"{status}: {Encoding.Latin1.GetString(request.Bytes)}\n→ {text}");
        }
    }

    private static async Task FrameAsync(Uri server, Probe probe, FuzzInputs inputs, int count, CancellationToken ct)
    {
        for (var sent = 0; sent < count; sent += FramesPerSocket)
        {
            using var socket = await RawSocket.SubscribeAsync(server, probe, ct);
            var end = socket.ReadToEndAsync(ct);
            await socket.SendAndShutDownAsync(
                Enumerable.Range(0, FramesPerSocket).SelectMany(_ => inputs.NextFrame()).ToArray(),
                ct
            );
            // However it is broken, the socket ends; a hang is ended by the test's patience, and fails.
            await end;
        }
    }
}
