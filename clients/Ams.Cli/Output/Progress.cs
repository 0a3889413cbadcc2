namespace Ams.Cli.Output;

/// <summary>How far a long transfer is: one line on a terminal's stderr, ten times a second at most; nothing elsewhere.</summary>
internal sealed class Progress(long total)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private readonly bool _shown = !Console.IsErrorRedirected;
    private long _last;

    public void Show(long done)
    {
        if (!_shown || (_last != 0 && TimeProvider.System.GetElapsedTime(_last) < Every))
        {
            return;
        }

        _last = TimeProvider.System.GetTimestamp();
        Console.Error.Write(total > 0 ? $"\r{done:n0} of {total:n0} ({Math.Min(100, done * 100 / total)} %)" : $"\r{done:n0}");
    }

    public void Clear()
    {
        if (_last != 0)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }
}
