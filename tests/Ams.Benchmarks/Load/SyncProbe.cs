using System.Diagnostics;
using System.Runtime.InteropServices;
using Ams.TestKit.Processes;
using Microsoft.Win32.SafeHandles;

namespace Ams.Benchmarks.Load;

/// <summary>How long the disk takes to make 4 KiB durable: the floor under every durable post of one connection.</summary>
internal static class SyncProbe
{
    private const int Writes = 200;

    public static TimeSpan MedianFdatasync()
    {
        using var directory = new TempDirectory();
        using var file = File.OpenHandle(directory.File("probe"), FileMode.CreateNew, FileAccess.Write);
        var block = new byte[4096];
        var times = new List<TimeSpan>();
        for (var i = 0; i < Writes; i++)
        {
            var started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, i * (long)block.Length);
            if (Fdatasync(file) != 0)
                throw new IOException($"fdatasync failed with errno {Marshal.GetLastPInvokeError()}.");
            times.Add(Stopwatch.GetElapsedTime(started));
        }
        return Statistics.Quantile(times, 0.5);
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fdatasync(SafeFileHandle file);
}
