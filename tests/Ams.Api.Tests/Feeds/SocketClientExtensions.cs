using System.Buffers.Binary;
using System.Text;

namespace Ams.Api.Tests.Feeds;

/// <summary>What some tests ask of a client besides.</summary>
internal static class SocketClientExtensions
{
    /// <summary>The close code; fails if a frame of that type comes before it.</summary>
    public static async Task<int> ClosedSeeingNothingAsync(this SocketClient client, string type)
    {
        while (await client.FrameAsync() is { } frame)
        {
            if (frame.Opcode == 0x8)
                return BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
            Encoding.UTF8.GetString(frame.Payload).ShouldNotContain(type);
        }
        return 1006;
    }

    /// <summary>Passes over frames until a ping, and does not answer it.</summary>
    public static async Task PingAsync(this SocketClient client)
    {
        while ((await client.FrameAsync())!.Value.Opcode != 0x9)
            continue;
    }
}
