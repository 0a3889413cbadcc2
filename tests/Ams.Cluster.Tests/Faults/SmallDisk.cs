using System.Diagnostics;
using Ams.TestKit.Processes;

namespace Ams.Cluster.Tests.Faults;

/// <summary>A file system of a few megabytes in memory, to be filled up and emptied. Mounting one needs root; without it the test fails and says so.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempDirectory _directory = new();

    private SmallDisk() => Path = _directory.File("disk");

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts one.</summary>
    /// <exception cref="InvalidOperationException">It can't be mounted; the message says why.</exception>
    public static SmallDisk Mount(int bytes)
    {
        var disk = new SmallDisk();
        try
        {
            Directory.CreateDirectory(disk.Path);
            Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "ams-test", disk.Path);
            return disk;
        }
        catch
        {
            disk._directory.Dispose();
            throw;
        }
    }

    /// <summary>Takes every byte that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    /// <summary>Gives it all back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        // Lazily: the server that had files open here may be gone only in a moment.
        Run("umount", "--lazy", Path);
        _directory.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"`{command} {string.Join(' ', arguments)}` failed; this test mounts a file system and has to be run as root: {error}"
            );
    }
}
