using System.Buffers.Binary;

namespace Ams.Api.Feeds.Sockets;

/// <summary>Writes the header of an unmasked, unfragmented frame: what a server sends.</summary>
internal static class FrameHeader
{
    /// <summary>Longest header that is ever written.</summary>
    public const int BytesMax = 10;

    /// <summary>Writes the header of a frame and returns its length.</summary>
    public static int Write(Span<byte> at, Opcode opcode, int payloadBytes)
    {
        at[0] = (byte)(0x80 | (byte)opcode);
        switch (payloadBytes)
        {
            case < 126:
                at[1] = (byte)payloadBytes;
                return 2;
            case <= ushort.MaxValue:
                at[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)payloadBytes);
                return 4;
            default:
                at[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(at[2..], (ulong)payloadBytes);
                return BytesMax;
        }
    }

    /// <summary>A whole control frame.</summary>
    /// <param name="payload">At most 125 bytes.</param>
    public static byte[] Control(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[2 + payload.Length];
        Write(frame, opcode, payload.Length);
        payload.CopyTo(frame.AsSpan(2));
        return frame;
    }
}
