using System.Runtime.InteropServices;

namespace Ams.TestKit.Processes;

/// <summary>The POSIX signals that tests send, always to one process that they started.</summary>
public enum Signal
{
    /// <summary>Asks to end: the graceful stop.</summary>
    Terminate = 15,

    /// <summary>Ends at once, without a chance to clean up.</summary>
    Kill = 9,

    /// <summary>For PostgreSQL: ends at once, its children with it.</summary>
    Quit = 3,

    /// <summary>Freezes.</summary>
    Stop = 19,

    /// <summary>Thaws.</summary>
    Continue = 18,
}

internal static class Signals
{
    public static void Send(int pid, Signal signal)
    {
        if (pid <= 1)
            throw new ArgumentOutOfRangeException(nameof(pid), pid, "Not the id of a child process.");
        const int noSuchProcess = 3;
        if (Kill(pid, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != noSuchProcess)
            throw new InvalidOperationException($"kill({pid}, {signal}) failed with errno {error}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
