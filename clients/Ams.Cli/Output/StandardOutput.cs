using Microsoft.Win32.SafeHandles;

namespace Ams.Cli.Output;

/// <summary>Who read our output has gone.</summary>
internal sealed class PipeClosedException : Exception;

/// <summary>Standard output as bytes. Unlike the console's stream it notices when a pipe is closed.</summary>
internal static class StandardOutput
{
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return pipe;
            }
        }

        // A file: the console's stream moves the offset that it shares with other processes, a FileStream would keep its own.
        return Console.OpenStandardOutput();
    }
}
