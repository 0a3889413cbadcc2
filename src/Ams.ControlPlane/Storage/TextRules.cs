using System.Text;
using Ams.Contracts;

namespace Ams.ControlPlane.Storage;

/// <summary>What may stand in a name or a description. Lengths are in Unicode characters (scalar values).</summary>
internal static class TextRules
{
    /// <summary>A name: 1 to 80 characters, none of them a control character, no white space around it.</summary>
    public static Refusal? Name(string member, string? name)
    {
        if (name is null || !IsText(name) || LengthOf(name) is < 1 or > Limits.NameLengthMax)
            return Refusal.Invalid(member, $"A name has 1 to {Limits.NameLengthMax} characters.");
        if (name.Any(char.IsControl) || char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
            return Refusal.Invalid(member, "A name has no control characters, and no white space before or after it.");
        return null;
    }

    /// <summary>Free text of at most so many characters; null: nothing was said.</summary>
    public static Refusal? Free(string member, string? text, int lengthMax) =>
        text is null || (IsText(text) && LengthOf(text) <= lengthMax)
            ? null
            : Refusal.Invalid(member, $"Keep it to {lengthMax} characters of Unicode text, without U+0000.");

    /// <summary>Free text as it is stored: what is empty is absent.</summary>
    public static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int LengthOf(string text) => text.EnumerateRunes().Count();

    // A lone surrogate has no UTF-8, and PostgreSQL stores no U+0000.
    private static bool IsText(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            if (rest[0] == '\0' || Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }
        return true;
    }
}
