using System.Buffers.Text;
using System.Text;

namespace Ams.Api.Messages;

/// <summary>The one way in which AMS writes a string: everything raw but the quote, the backslash and control characters. Two JSON strings are
/// equal by value exactly when their literals in this form are equal byte for byte.</summary>
internal static class JsonText
{
    /// <summary>What <see cref="Write"/> answers for half a surrogate pair: no UTF-8 can hold it.</summary>
    public const int LoneSurrogate = -1;

    private const int UnitBytes = 6; // \uXXXX

    /// <summary>Rewrites what stands between the quotes of a valid JSON string in valid UTF-8.</summary>
    /// <param name="content">As the caller sent it, with its escapes.</param>
    /// <param name="to">At least as long as <paramref name="content"/>: the result is never longer.</param>
    /// <param name="valueBytes">The length of the string itself, in bytes of UTF-8.</param>
    /// <returns>The bytes written, or <see cref="LoneSurrogate"/>.</returns>
    public static int Write(ReadOnlySpan<byte> content, Span<byte> to, out int valueBytes)
    {
        var written = 0;
        valueBytes = 0;
        for (int plain; (plain = content.IndexOf((byte)'\\')) >= 0; )
        {
            content[..plain].CopyTo(to[written..]);
            written += plain;
            valueBytes += plain;
            content = content[plain..];
            switch (content[1])
            {
                case (byte)'u':
                    if (!TryReadScalar(ref content, out var scalar))
                        return LoneSurrogate;
                    written += WriteScalar(scalar, to[written..]);
                    valueBytes += scalar.Utf8SequenceLength;
                    break;
                case (byte)'/':
                    to[written++] = (byte)'/';
                    valueBytes++;
                    content = content[2..];
                    break;
                default:
                    content[..2].CopyTo(to[written..]);
                    written += 2;
                    valueBytes++;
                    content = content[2..];
                    break;
            }
        }

        content.CopyTo(to[written..]);
        valueBytes += content.Length;
        return written + content.Length;
    }

    private static bool TryReadScalar(ref ReadOnlySpan<byte> content, out Rune scalar)
    {
        var first = ReadUnit(content);
        content = content[UnitBytes..];
        if (Rune.TryCreate(first, out scalar))
            return true;
        if (!content.StartsWith("\\u"u8) || !Rune.TryCreate(first, ReadUnit(content), out scalar))
            return false;
        content = content[UnitBytes..];
        return true;
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x')
            ? (char)unit
            : throw new InvalidOperationException("The JSON reader let a malformed escape through.");

    private static int WriteScalar(Rune scalar, Span<byte> to)
    {
        var shortForm = scalar.Value switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\t' => (byte)'t',
            '\n' => (byte)'n',
            '\f' => (byte)'f',
            '\r' => (byte)'r',
            _ => (byte)0,
        };
        if (shortForm != 0)
        {
            to[0] = (byte)'\\';
            to[1] = shortForm;
            return 2;
        }

        if (scalar.Value >= ' ')
            return scalar.EncodeToUtf8(to);
        "\\u00"u8.CopyTo(to);
        var hex = "0123456789abcdef"u8;
        to[4] = hex[scalar.Value >> 4];
        to[5] = hex[scalar.Value & 0xf];
        return UnitBytes;
    }
}
