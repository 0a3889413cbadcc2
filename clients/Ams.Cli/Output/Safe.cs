using System.Globalization;
using System.Text;

namespace Ams.Cli.Output;

/// <summary>Text of strangers must not drive the reader's terminal: control characters become visible.</summary>
internal static class Safe
{
    /// <summary>On one line, tabs and line breaks included: what a script can cut at tabs.</summary>
    public static string Line(string? text) => Escape(text, keepLines: false);

    /// <summary>With its line breaks, for people.</summary>
    public static string Block(string? text) => Escape(text, keepLines: true);

    private static string Escape(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' when keepLines => result.Append('\n'),
                '\n' => result.Append("\\n"),
                '\t' => result.Append(keepLines ? "    " : "\\t"),
                '\r' => result.Append(keepLines ? "" : "\\r"),
                '\\' when !keepLines => result.Append(@"\\"),
                _ when char.IsControl(c) || IsDirection(c) => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    /// <summary>Marks that make text read in another order than it is written.</summary>
    private static bool IsDirection(char c) => c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}
