using System.Buffers.Binary;
using System.Text;

namespace Ams.Api.Tests.Feeds;

/// <summary>Writes frames as a client does (masked), right or wrong.</summary>
internal static class ClientFrames
{
    public static byte[] Text(string text, bool final = true) => Frame(0x1, Encoding.UTF8.GetBytes(text), final);

    public static byte[] Continuation(string text, bool final) => Frame(0x0, Encoding.UTF8.GetBytes(text), final);

    public static byte[] Ping(string payload = "") => Frame(0x9, Encoding.UTF8.GetBytes(payload));

    public static byte[] Pong() => Frame(0xA, []);

    public static byte[] Close(int code, string reason = "")
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return Frame(0x8, payload);
    }

    public static byte[] Frame(
        int opcode,
        ReadOnlySpan<byte> payload,
        bool final = true,
        uint mask = 0x5A0FC377,
        int reserved = 0
    )
    {
        var header = payload.Length switch
        {
            < 126 => 2,
            <= ushort.MaxValue => 4,
            _ => 10,
        };
        var frame = new byte[header + 4 + payload.Length];
        frame[0] = (byte)((final ? 0x80 : 0) | (reserved << 4) | opcode);
        frame[1] = (byte)(
            0x80
            | (
                payload.Length < 126 ? payload.Length
                : payload.Length <= ushort.MaxValue ? 126
                : 127
            )
        );
        if (header == 4)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        else if (header == 10)
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(header), mask);
        for (var i = 0; i < payload.Length; i++)
            frame[header + 4 + i] = (byte)(payload[i] ^ frame[header + (i & 3)]);
        return frame;
    }
}
