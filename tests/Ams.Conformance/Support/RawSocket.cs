using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Ams.Conformance;

/// <summary>A WebSocket that only listens: it answers no ping, as no library would let it.</summary>
internal static class RawSocket
{
    private const int CloseOpcode = 0x8;

    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    /// <summary>Upgrades, stays silent, and returns the code with which it is closed.</summary>
    public static async Task<int> SilentCloseCodeAsync(Actor actor, string path)
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        var ct = patience.Token;
        using var client = new TcpClient();
        var address = actor.Target.BaseAddress;
        await client.ConnectAsync(address.Host, address.Port, ct);
        var stream = client.GetStream();
        var upgrade =
            $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {actor.Token}\r\nConnection: Upgrade\r\n"
            + $"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(new byte[16])}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(upgrade), ct);
        (await HeadersAsync(stream, ct)).ShouldStartWith("HTTP/1.1 101 ");
        while (true)
        {
            var (opcode, payload) = await FrameAsync(stream, ct);
            if (opcode == CloseOpcode)
                return payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        }
    }

    private static async Task<string> HeadersAsync(NetworkStream stream, CancellationToken ct)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, ct);
            text.Append((char)one[0]);
        }
        return text.ToString();
    }

    private static async Task<(int Opcode, byte[] Payload)> FrameAsync(NetworkStream stream, CancellationToken ct)
    {
        var head = await BytesAsync(stream, 2, ct);
        // A server's frames are not masked.
        long length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await BytesAsync(stream, 2, ct)),
            127 => BinaryPrimitives.ReadInt64BigEndian(await BytesAsync(stream, 8, ct)),
            var small => small,
        };
        return (head[0] & 0x0F, await BytesAsync(stream, (int)length, ct));
    }

    private static async Task<byte[]> BytesAsync(NetworkStream stream, int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
