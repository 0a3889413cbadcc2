using System.Net;
using System.Net.WebSockets;
using System.Text;
using Ams.TestKit.Processes;
using Xunit.Abstractions;

namespace Ams.Cluster.Tests.Faults;

/// <summary>A server with room for a few dozen connections, and more who want in.</summary>
public sealed class FileDescriptorTests(ITestOutputHelper output)
{
    private const int Limit = 400;

    [Fact]
    public async Task Out_of_file_descriptors_old_sockets_live_new_ones_are_refused_and_later_ones_are_welcome_again()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var ct = patience.Token;
        using var directory = new TempDirectory();
        var setup = new ServerSetup
        {
            Directory = directory.Path,
            Wrapper = ["sh", "-c", $"ulimit -n {Limit}; exec \"$@\"", "sh"],
        };
        await using var server = await ServerProcess.StartAsync(setup, ct);
        using var probe = await Probe.CreateAsync(setup.BaseAddress, ct);
        using var live = await ListenAsync(setup.BaseAddress, probe, ct);
        var before = ProcessFigures.OpenFiles(server.Pid);

        var accepted = new List<RawSocket>();
        try
        {
            for (var refused = 0; refused < 50; )
            {
                var socket = await RawSocket.SubscribeAsync(setup.BaseAddress, probe, ct);
                if (await IsServedAsync(socket, ct))
                    accepted.Add(socket);
                else
                {
                    socket.Dispose();
                    refused++;
                }
            }
            output.WriteLine(
                $"{before} descriptors before, {accepted.Count} sockets, {ProcessFigures.OpenFiles(server.Pid)} descriptors"
            );
            accepted.Count.ShouldBeInRange(16, Limit);

            (await probe.ReadAsync(ct)).Status.ShouldBe(HttpStatusCode.OK);
            (await probe.PostAsync("full", "full", ct)).Status.ShouldBe(HttpStatusCode.Created);
            await HearsAsync(live, "full", ct);

            foreach (var socket in accepted)
                socket.Dispose();
            await Eventually.TrueAsync(
                async () =>
                {
                    using var socket = await RawSocket.SubscribeAsync(setup.BaseAddress, probe, ct);
                    return await IsServedAsync(socket, ct);
                },
                TimeSpan.FromSeconds(30),
                "new sockets are welcome again",
                ct
            );
            using var late = await ListenAsync(setup.BaseAddress, probe, ct);
            await HearsAsync(late, "full", ct);
            (await probe.PostAsync("again", "again", ct)).Status.ShouldBe(HttpStatusCode.Created);
            await HearsAsync(live, "again", ct);
            server.HasExited.ShouldBeFalse(server.Output.Text);
        }
        finally
        {
            accepted.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<bool> IsServedAsync(RawSocket socket, CancellationToken ct)
    {
        var buffer = new byte[1024];
        if (await socket.ReadAsync(buffer, ct) is not (> 0 and var count))
            return false;
        Encoding.ASCII.GetString(buffer, 0, count).ShouldStartWith("HTTP/1.1 101");
        return true;
    }

    private static async Task<ClientWebSocket> ListenAsync(Uri server, Probe probe, CancellationToken ct)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {probe.Token}");
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}/parties/channel-room/{probe.ChannelId}?after=0"), ct);
        return socket;
    }

    private static async Task HearsAsync(ClientWebSocket socket, string text, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        string frame;
        do
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            received.MessageType.ShouldBe(WebSocketMessageType.Text);
            frame = Encoding.UTF8.GetString(buffer, 0, received.Count);
        } while (!frame.Contains($"\"text\":\"{text}\"", StringComparison.Ordinal));
    }
}
