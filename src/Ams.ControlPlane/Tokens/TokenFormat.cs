using System.IO.Hashing;
using Ams.Actors.Runtime;

namespace Ams.ControlPlane.Tokens;

/// <summary>How a token is written: <c>wat_</c>, 40 random base-62 characters, then the CRC-32 of all that in 6. The checksum tells a typo from a wrong
/// token without a look-up, and lets secret scanners match.</summary>
internal static class TokenFormat
{
    public const string Prefix = "wat_";
    public const int RandomLength = 40;
    public const int ChecksumLength = 6;
    public const int Length = 50;

    private const int CheckedLength = Length - ChecksumLength;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // 248 is the largest multiple of 62 in a byte: what lies above would make the first characters likelier.
    private const int UnbiasedBelow = 248;

    /// <summary>A new token.</summary>
    public static string New(IIdGenerator ids)
    {
        Span<byte> token = stackalloc byte[Length];
        "wat_"u8.CopyTo(token);
        FillRandom(token.Slice(Prefix.Length, RandomLength), ids);
        WriteChecksum(token[..CheckedLength], token[CheckedLength..]);
        return System.Text.Encoding.ASCII.GetString(token);
    }

    /// <summary>Writes a well-formed token's bytes; false when form or checksum is wrong.</summary>
    /// <param name="bytes"><see cref="Length"/> bytes.</param>
    public static bool TryRead(string token, Span<byte> bytes)
    {
        if (token.Length != Length || !token.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        for (var i = 0; i < Length; i++)
        {
            if (i >= Prefix.Length && !char.IsAsciiLetterOrDigit(token[i]))
                return false;
            bytes[i] = (byte)token[i];
        }
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        WriteChecksum(bytes[..CheckedLength], checksum);
        return bytes[CheckedLength..Length].SequenceEqual(checksum);
    }

    private static void FillRandom(Span<byte> characters, IIdGenerator ids)
    {
        Span<byte> random = stackalloc byte[RandomLength * 2];
        var written = 0;
        while (written < characters.Length)
        {
            ids.Fill(random);
            foreach (var value in random)
            {
                if (value < UnbiasedBelow && written < characters.Length)
                    characters[written++] = (byte)Alphabet[value % Alphabet.Length];
            }
        }
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(random);
    }

    private static void WriteChecksum(ReadOnlySpan<byte> text, Span<byte> checksum)
    {
        var rest = Crc32.HashToUInt32(text);
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            checksum[i] = (byte)Alphabet[(int)(rest % 62)];
            rest /= 62;
        }
    }
}
