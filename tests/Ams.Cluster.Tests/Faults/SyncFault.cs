using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Faults;

/// <summary>Makes the server's fsync fail, on and off while it runs. The Debian package fiu-utils has the libraries, which stand between the server and
/// the C library; the bundled SQLite calls fsync alone, and fdatasync is switched along in case another build calls that.</summary>
internal static class SyncFault
{
    private const string Libraries = "/usr/lib/fiu/";
    private const int InputOutputError = 5;

    private static readonly string[] Points = ["posix/io/sync/fsync", "posix/io/sync/fdatasync"];

    /// <summary>The setup with the switch built in, and off.</summary>
    public static ServerSetup WithSyncFault(this ServerSetup setup)
    {
        string[] libraries = [Libraries + "fiu_run_preload.so", Libraries + "fiu_posix_preload.so"];
        if (Array.Find(libraries, library => !File.Exists(library)) is { } missing)
            throw new InvalidOperationException($"{missing} is missing; install the Debian package fiu-utils.");
        return setup.With("LD_PRELOAD", string.Join(' ', libraries)).With("FIU_CTRL_FIFO", Pipe(setup)).With("FIU_ENABLE", "");
    }

    /// <summary>From now on every sync is an input/output error.</summary>
    public static Task FailSyncsAsync(this ServerProcess server, CancellationToken ct) =>
        SwitchAsync(server, point => $"enable name={point},failinfo={InputOutputError}", ct);

    /// <summary>From now on some of them are.</summary>
    public static Task FailSomeSyncsAsync(this ServerProcess server, CancellationToken ct) =>
        SwitchAsync(server, point => $"enable_random name={point},probability=0.3,failinfo={InputOutputError}", ct);

    /// <summary>The disk is well again.</summary>
    public static Task MendSyncsAsync(this ServerProcess server, CancellationToken ct) =>
        SwitchAsync(server, point => $"disable name={point}", ct);

    private static string Pipe(ServerSetup setup) => Path.Combine(setup.Directory, "fiu");

    private static async Task SwitchAsync(ServerProcess server, Func<string, string> command, CancellationToken ct)
    {
        var pipe = $"{Pipe(server.Setup)}-{server.Pid}";
        foreach (var point in Points)
        {
            await File.WriteAllTextAsync(pipe + ".in", command(point) + "\n", ct);
            (await File.ReadAllTextAsync(pipe + ".out", ct)).Trim().ShouldBe("0", command(point));
        }
    }
}
