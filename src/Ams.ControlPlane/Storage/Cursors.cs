using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ams.Contracts;

namespace Ams.ControlPlane.Storage;

/// <summary>Opaque cursors of lists: which list, and the position of the last item that was given. They hold nothing secret and no number that
/// another workspace moves.</summary>
internal static class Cursors
{
    public const string Members = "m";
    public const string Tokens = "t";
    public const string Channels = "c";
    public const string ChannelMembers = "j";
    public const string Audit = "a";

    private const int LengthMax = 128;

    public static string Write(string list, string position) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{list}:{position}"));

    public static string Write(string list, long position) => Write(list, position.ToString(CultureInfo.InvariantCulture));

    /// <summary>The id after which a page begins.</summary>
    /// <param name="cursor">Null: the first page.</param>
    public static Outcome<string> ReadId(string list, string? cursor)
    {
        if (cursor is null)
            return "";
        return
            Read(list, cursor) is { } position
            && position.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? position
            : Invalid();
    }

    /// <summary>The number at which the page before ended.</summary>
    /// <param name="start">What stands for the first page.</param>
    public static Outcome<long> ReadNumber(string list, string? cursor, long start)
    {
        if (cursor is null)
            return start;
        return
            Read(list, cursor) is { } position
            && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : Invalid();
    }

    /// <summary>A page of what was read with one row more than was asked for.</summary>
    public static Page<T> Page<TRow, T>(IReadOnlyList<TRow> rows, int limit, Func<TRow, T> view, Func<TRow, string> cursor) =>
        new([.. rows.Take(limit).Select(view)], rows.Count > limit ? cursor(rows[limit - 1]) : null);

    /// <summary>Refuses a limit outside of 1 to 1000.</summary>
    public static Refusal? Limit(int limit) =>
        limit is >= 1 and <= Limits.PageMax ? null : Refusal.Invalid("limit", $"Ask for 1 to {Limits.PageMax} items.");

    private static string? Read(string list, string cursor)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        if (
            cursor.Length > LengthMax
            || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
        )
            return null;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        return text.StartsWith($"{list}:", StringComparison.Ordinal) && text.Length > list.Length + 1
            ? text[(list.Length + 1)..]
            : null;
    }

    private static Refusal Invalid() =>
        new(
            ErrorCodes.InvalidCursor,
            "This cursor is not of this list; take it from \"next\" of the page before, or leave it out."
        );
}
