using System.Diagnostics;
using System.Text;

namespace Ams.TestKit.Processes;

/// <summary>What a process wrote to standard output and standard error, up to a bound; later lines are only counted.</summary>
public sealed class ProcessOutput
{
    private const int CharactersMax = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private long _linesDropped;

    internal void Attach(Process process)
    {
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything so far.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _linesDropped == 0 ? _text.ToString() : $"{_text}… and {_linesDropped} more lines\n";
        }
    }

    /// <summary>The lines so far that are not empty.</summary>
    public IReadOnlyList<string> Lines =>
        Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            if (_text.Length + line.Length > CharactersMax)
                _linesDropped++;
            else
                _text.Append(line).Append('\n');
        }
    }
}
