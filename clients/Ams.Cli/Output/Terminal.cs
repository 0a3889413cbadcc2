using Ams.Client;
using Ams.Contracts;
using Spectre.Console;

namespace Ams.Cli.Output;

/// <summary>What only a terminal gets: colours and tables. Nothing else touches Spectre, so that <c>--help</c> never loads it.</summary>
internal static class Terminal
{
    public static void Event(AmsEvent item)
    {
        var colour = item.Author.Kind switch
        {
            PrincipalKind.Human => "green",
            PrincipalKind.Agent => "cyan",
            _ => "yellow",
        };
        var what = item.Type == EventTypes.MessageCreated && !item.Deleted ? "" : $"[dim]{Markup.Escape(item.Type)}[/] ";
        var text = item is { Deleted: false, Text: { Length: > 0 } said } ? Safe.Block(said) : Printer.What(item);
        AnsiConsole.MarkupLine(
            $"[dim]{item.ChannelSeq, 6}  {item.CreatedAt.ToLocalTime():HH:mm:ss}[/]  "
                + $"[{colour}]{Markup.Escape(Safe.Line(item.Author.Name))}[/]  {what}{Markup.Escape(text)}"
        );
    }

    /// <summary>A word about the connection, beside the output.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"ams: {Safe.Line(text)}");
}

/// <summary>A table in the making.</summary>
internal sealed class Rows
{
    private readonly Table _table = new() { Border = TableBorder.Simple };

    public Rows(string[] columns)
    {
        foreach (var column in columns)
        {
            _table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(column)}[/]")));
        }
    }

    public void Add(string?[] cells) => _table.AddRow(cells.Select(cell => new Text(Safe.Line(cell))));

    public void Show() => AnsiConsole.Write(_table);
}
