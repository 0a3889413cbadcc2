using System.Buffers.Binary;

namespace Ams.Actors.Runtime;

/// <summary>How a time and ten random bytes become the 26 characters of an id.</summary>
internal static class Ulid
{
    /// <summary>Random bytes in an id.</summary>
    public const int RandomBytes = 10;

    private const int TimeBytes = 6;
    private const int Length = 26;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The prefix, then the id.</summary>
    public static string Format(string prefix, DateTimeOffset time, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[TimeBytes + RandomBytes];
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.ToUnixTimeMilliseconds());
        milliseconds[^TimeBytes..].CopyTo(bytes);
        random[..RandomBytes].CopyTo(bytes[TimeBytes..]);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(
            prefix.Length + Length,
            (prefix, value),
            static (target, state) =>
            {
                state.prefix.CopyTo(target);
                var rest = state.value;
                for (var i = target.Length - 1; i >= state.prefix.Length; i--)
                {
                    target[i] = Alphabet[(int)((uint)rest & 31)];
                    rest >>= 5;
                }
            }
        );
    }
}
