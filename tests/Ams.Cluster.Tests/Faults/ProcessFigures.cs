using System.Globalization;

namespace Ams.Cluster.Tests.Faults;

/// <summary>What the system says of a process.</summary>
internal static class ProcessFigures
{
    /// <summary>Its resident memory.</summary>
    public static long ResidentBytes(int pid)
    {
        const string name = "VmRSS:";
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>How many file descriptors it has open.</summary>
    public static int OpenFiles(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
}
