using System.Text;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Output;

/// <summary>Says results: as JSON, one object a line; to a terminal with tables and colours; else as stable text, cut by tabs.</summary>
internal sealed class Printer(bool json) : IDisposable
{
    private readonly BufferedStream _out = new(StandardOutput.Open(), 64 * 1024);

    public bool Json { get; } = json;

    /// <summary>True when a person watches.</summary>
    public bool OnTerminal { get; } = !json && !Console.IsOutputRedirected;

    /// <summary>One thing with named fields; those that are null are left out.</summary>
    public void One(ReadOnlySpan<byte> whole, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        if (Json)
        {
            Line(whole);
            return;
        }

        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                Text(OnTerminal ? $"{name, -14}{Safe.Block(value)}" : $"{name}\t{Safe.Line(value)}");
            }
        }
    }

    /// <summary>Something was done that has no other answer.</summary>
    public void Done(string member, string id, string sentence)
    {
        if (Json)
        {
            Line(
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                    new Dictionary<string, string>(StringComparer.Ordinal) { [member] = id },
                    OutputJson.Default.DictionaryStringString
                )
            );
        }
        else
        {
            Text(sentence);
        }
    }

    /// <summary>A list, row by row; to a terminal as a table at the end.</summary>
    public async Task ListAsync<T>(
        IAsyncEnumerable<T> items,
        Func<T, byte[]> whole,
        string[] columns,
        Func<T, string?[]> cells,
        CancellationToken ct
    )
    {
        var table = OnTerminal ? new Rows(columns) : null;
        await foreach (var item in items.WithCancellation(ct))
        {
            if (Json)
            {
                Line(whole(item));
            }
            else if (table is not null)
            {
                table.Add(cells(item));
            }
            else
            {
                Text(string.Join('\t', cells(item).Select(Safe.Line)));
            }
        }

        table?.Show();
    }

    /// <summary>An event: its bytes, or who said what when.</summary>
    public void Event(AmsEvent item)
    {
        if (Json)
        {
            Line(item.Json.Span);
        }
        else if (OnTerminal)
        {
            Flush();
            Terminal.Event(item);
        }
        else
        {
            Text(
                $"{item.ChannelSeq}\t{Rfc3339.Format(item.CreatedAt)}\t{Safe.Line(item.Author.Name)}\t{item.Type}\t{What(item, Safe.Line)}"
            );
        }
    }

    /// <summary>Bytes and a line break.</summary>
    public void Line(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _out.Write(bytes);
            _out.WriteByte((byte)'\n');
        }
        catch (IOException)
        {
            throw new PipeClosedException();
        }
    }

    public void Text(string line) => Line(Encoding.UTF8.GetBytes(line));

    /// <exception cref="PipeClosedException">Nobody reads any more.</exception>
    public void Flush()
    {
        try
        {
            _out.Flush();
        }
        catch (IOException)
        {
            throw new PipeClosedException();
        }
    }

    public void Dispose()
    {
        try
        {
            _out.Dispose();
        }
        catch (IOException)
        {
            // The rest of the output has no reader; the exit code has been decided.
            return;
        }
    }

    /// <summary>What an event says: of a change also which message it changes.</summary>
    /// <param name="escape">How text is made safe: on one line, or with its line breaks.</param>
    internal static string What(AmsEvent item, Func<string?, string> escape)
    {
        var said = item switch
        {
            { Deleted: true } => "(deleted)",
            { Text: { Length: > 0 } text, Payload.IsEmpty: false } => $"{text} {Encoding.UTF8.GetString(item.Payload.Span)}",
            { Text: { Length: > 0 } text } => text,
            { Payload.IsEmpty: false } => Encoding.UTF8.GetString(item.Payload.Span),
            { Emoji: { } emoji } => emoji,
            _ => "",
        };
        return escape(item.MessageSeq is { } seq ? $"#{seq} {said}".TrimEnd() : said);
    }
}
