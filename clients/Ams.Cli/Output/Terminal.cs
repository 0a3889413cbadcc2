using System.Globalization;
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
        var author = Safe.Line(item.Author.Name);
        var start = $"{item.ChannelSeq, 6}  {When(item.CreatedAt)}";
        // Further lines of a text stand below its first one.
        var indent = "\n" + new string(' ', start.Length + 2 + author.Length + 2);
        var text = Printer.What(item, Safe.Block).Replace("\n", indent, StringComparison.Ordinal);
        var kind = item.Type == EventTypes.MessageCreated ? "" : $"[dim]{Markup.Escape(item.Type)}[/] ";
        AnsiConsole.MarkupLine(
            $"[dim]{start}[/]  [{colour}]{Markup.Escape(author)}[/]  {kind}"
                + (item.Deleted ? $"[dim]{Markup.Escape(text)}[/]" : Markup.Escape(text))
        );
    }

    /// <summary>A word about the connection, beside the output.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"ams: {Safe.Line(text)}");

    /// <summary>The time of day; for another day than today its date too.</summary>
    private static string When(DateTimeOffset at)
    {
        var local = at.ToLocalTime();
        var format = local.Date == DateTimeOffset.Now.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }
}

/// <summary>A table in the making. Columns in which nothing stands are left out.</summary>
internal sealed class Rows(string[] columns)
{
    private readonly List<string?[]> _rows = [];

    public void Add(string?[] cells) => _rows.Add(cells);

    public void Show()
    {
        var shown = Enumerable.Range(0, columns.Length).Where(at => _rows.Any(row => !string.IsNullOrEmpty(row[at]))).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var at in shown)
        {
            table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(columns[at])}[/]")));
        }

        foreach (var row in _rows)
        {
            table.AddRow(shown.Select(at => new Text(Safe.Line(row[at]))));
        }

        AnsiConsole.Write(table);
    }
}
