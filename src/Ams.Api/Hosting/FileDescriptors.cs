using System.Globalization;

namespace Ams.Api.Hosting;

/// <summary>How many connections the process can hold before it is out of file descriptors.</summary>
internal static class FileDescriptors
{
    private const int ConnectionsMin = 16;

    // The runtime keeps the file of every assembly open, loads about 80 more once requests come, and dies of one that it can't open. The store opens its
    // reading connections as they are needed: two descriptors each, two connections a processor.
    private static readonly int Reserve = 128 + 4 * Environment.ProcessorCount;

    /// <summary>What the limit leaves over what is open now and what the server may yet open itself; null where there is no such limit.</summary>
    public static int? ConnectionsMax()
    {
        if (!OperatingSystem.IsLinux() || SoftLimit() is not { } limit)
            return null;
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        return (int)Math.Clamp(limit - open - Reserve, ConnectionsMin, int.MaxValue);
    }

    // "Max open files            1024                 524288               files"; the number may be "unlimited".
    private static long? SoftLimit()
    {
        const string name = "Max open files";
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
