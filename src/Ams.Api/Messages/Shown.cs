namespace Ams.Api.Messages;

/// <summary>A caller's own words as they are shown back to it: short, and never half a character.</summary>
internal static class Shown
{
    private const int CharsMax = 64;

    /// <summary>The text, cut after 64 characters.</summary>
    public static string Short(string text) =>
        text.Length <= CharsMax
            ? text
            : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[CharsMax - 1]) ? CharsMax - 1 : CharsMax), "…");

    /// <summary>The text in quotes, cut after 64 characters.</summary>
    public static string Quoted(string text) => $"\"{Short(text)}\"";
}
