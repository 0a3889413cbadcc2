using System.Globalization;
using System.Text;

namespace Ams.Api.Telemetry;

/// <summary>Prometheus's text format, version 0.0.4: names, units and labels by the conventions for OpenTelemetry's figures.</summary>
internal static class PrometheusText
{
    /// <summary>What it is served as.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes figures, a block each: help, type, series.</summary>
    public static string Write(IEnumerable<Figure> figures)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var figure in figures)
        {
            var cells = figure.Cells.ToList();
            if (cells.Count == 0)
                continue;
            var name = NameOf(figure);
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(figure.Description, isLabel: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(figure.Kind)).Append('\n');
            foreach (var cell in cells)
                WriteCell(text, name, cell);
        }
        return text.ToString();
    }

    /// <summary>A figure's name: dots become underscores, the unit is appended, and a total ends in <c>_total</c>.</summary>
    internal static string NameOf(Figure figure)
    {
        var name = Clean(figure.Name);
        var unit = UnitOf(figure.Unit);
        if (unit.Length > 0 && !name.EndsWith("_" + unit, StringComparison.Ordinal))
            name += "_" + unit;
        var isTotal = figure.Kind is FigureKind.Counter or FigureKind.ObservedCounter;
        return isTotal && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static void WriteCell(StringBuilder text, string name, Cell cell)
    {
        if (cell.Bounds is not { } bounds)
        {
            Line(text, name, cell, le: null, cell.Sum);
            return;
        }
        var count = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            count += cell.CountOf(i);
            Line(text, name + "_bucket", cell, Number(bounds[i]), count);
        }
        count += cell.CountOf(bounds.Length);
        Line(text, name + "_bucket", cell, "+Inf", count);
        Line(text, name + "_sum", cell, le: null, cell.Sum);
        Line(text, name + "_count", cell, le: null, count);
    }

    private static void Line(StringBuilder text, string name, Cell cell, string? le, double value)
    {
        text.Append(name);
        if (cell.Tags.Length > 0 || le is not null)
        {
            text.Append('{');
            var separator = "";
            foreach (var (key, tag) in cell.Tags)
            {
                var label = Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
                text.Append(separator).Append(Clean(key)).Append("=\"").Append(Escape(label, isLabel: true)).Append('"');
                separator = ",";
            }
            if (le is not null)
                text.Append(separator).Append("le=\"").Append(le).Append('"');
            text.Append('}');
        }
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string TypeOf(FigureKind kind) =>
        kind switch
        {
            FigureKind.Counter or FigureKind.ObservedCounter => "counter",
            FigureKind.Histogram => "histogram",
            _ => "gauge",
        };

    // What stands in braces says what is counted; it is no unit.
    private static string UnitOf(string unit) =>
        unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "1" or "" => "",
            _ when unit[0] == '{' => "",
            _ => Clean(unit),
        };

    private static string Clean(string name) =>
        string.Create(
            name.Length,
            name,
            static (clean, name) =>
            {
                for (var i = 0; i < name.Length; i++)
                    clean[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
            }
        );

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text, bool isLabel)
    {
        text = text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return isLabel ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
