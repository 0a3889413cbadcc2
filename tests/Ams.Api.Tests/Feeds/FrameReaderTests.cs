using System.Text;
using Ams.Api.Feeds.Sockets;
using Ams.Contracts;

namespace Ams.Api.Tests.Feeds;

public sealed class FrameReaderTests
{
    private const int BytesMax = 1024;

    [Fact]
    public void Frames_torn_at_every_byte_read_the_same_as_whole_ones()
    {
        byte[] stream =
        [
            .. ClientFrames.Text("hello"),
            .. ClientFrames.Text("grü", final: false),
            .. ClientFrames.Ping("in between"),
            .. ClientFrames.Continuation("", final: false),
            .. ClientFrames.Continuation("ße", final: true),
            .. ClientFrames.Text(new string('x', 126)),
            .. ClientFrames.Text(new string('y', 300)),
            .. ClientFrames.Text(""),
            .. ClientFrames.Pong(),
            .. ClientFrames.Close(1000, "done"),
        ];
        string[] expected =
        [
            "Text:hello",
            "Ping:in between",
            "Text:grüße",
            "Text:" + new string('x', 126),
            "Text:" + new string('y', 300),
            "Text:",
            "Pong:",
            "Close:\u0003\u00E8done",
        ];

        Read(stream, stream.Length).ShouldBe(expected);
        for (var chunk = 1; chunk < 64; chunk++)
            Read(stream, chunk).ShouldBe(expected);
        for (var tear = 1; tear < stream.Length; tear++)
            Read([stream[..tear], stream[tear..]]).ShouldBe(expected);
    }

    [Fact]
    public void A_character_torn_over_fragments_is_whole()
    {
        var euro = Encoding.UTF8.GetBytes("€");
        byte[] stream =
        [
            .. ClientFrames.Frame(0x1, euro.AsSpan(0, 1), final: false),
            .. ClientFrames.Frame(0x0, euro.AsSpan(1, 1), final: false),
            .. ClientFrames.Frame(0x0, euro.AsSpan(2, 1)),
        ];
        Read(stream, stream.Length).ShouldBe(["Text:€"]);
    }

    [Theory]
    [InlineData("unmasked", "810161", 1002)]
    [InlineData("reserved bit", "C18000000000", 1002)]
    [InlineData("unknown opcode", "838000000000", 1002)]
    [InlineData("unknown control opcode", "8B8000000000", 1002)]
    [InlineData("continuation of nothing", "808000000000", 1002)]
    [InlineData("fragmented ping", "098000000000", 1002)]
    [InlineData("ping of 126", "89FE007E00000000", 1002)]
    [InlineData("new message inside a fragmented one", "018000000000818000000000", 1002)]
    [InlineData("length not minimal in 16 bits", "81FE007D00000000", 1002)]
    [InlineData("length not minimal in 64 bits", "81FF000000000000FFFF00000000", 1002)]
    [InlineData("length beyond 63 bits", "81FFFFFFFFFFFFFFFFFF00000000", 1002)]
    [InlineData("close of one byte", "88810000000003", 1002)]
    [InlineData("close with 1005", "88820000000003ED", 1002)]
    [InlineData("close with a reason that is not UTF-8", "88830000000003E8FF", 1002)]
    [InlineData("binary", "828000000000", 4500)]
    [InlineData("not UTF-8", "818100000000FF", 4500)]
    [InlineData("over the limit", "81FE040100000000", 4513)]
    [InlineData("far over the limit", "81FF7FFFFFFFFFFFFFFF00000000", 4513)]
    public void A_broken_rule_is_a_fault_with_its_code(string rule, string bytes, int code)
    {
        var stream = Convert.FromHexString(bytes);
        for (var chunk = 1; chunk <= stream.Length; chunk++)
            Read(stream, chunk).Last().ShouldBe($"Fault:{code}", rule);
    }

    [Fact]
    public void The_limit_is_over_all_fragments_and_reached_exactly()
    {
        byte[] AtLimit(int over) =>
            [
                .. ClientFrames.Text(new string('a', 600), final: false),
                .. ClientFrames.Continuation(new string('b', BytesMax - 600 + over), final: true),
            ];
        Read(AtLimit(0), 100).Single().Length.ShouldBe("Text:".Length + BytesMax);
        Read(AtLimit(1), 100).Last().ShouldBe("Fault:4513");
    }

    [Fact]
    public void After_too_large_a_message_the_peers_close_is_still_found()
    {
        byte[] stream =
        [
            .. ClientFrames.Text(new string('a', BytesMax + 1)),
            .. ClientFrames.Text("late"),
            .. ClientFrames.Close(4000),
        ];
        Read(stream, 100).ShouldBe(["Fault:4513", "Close:\u000F\u00A0"]);
    }

    [Theory]
    [InlineData(20261123)]
    public void No_bytes_make_it_throw(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var stream = new byte[random.Next(1, 200)];
            random.NextBytes(stream);
            if (random.Next(2) == 0)
                stream = Corrupted(random);
            Should.NotThrow(() => Read(stream, random.Next(1, 50)), $"seed {seed}, round {round}: {Convert.ToHexString(stream)}");
        }
    }

    private static byte[] Corrupted(Random random)
    {
        byte[] stream =
        [
            .. ClientFrames.Text(new string('a', random.Next(300)), final: random.Next(2) == 0),
            .. ClientFrames.Continuation("ä", final: random.Next(2) == 0),
            .. ClientFrames.Ping("p"),
            .. ClientFrames.Close(random.Next(5000)),
        ];
        for (var flips = random.Next(4); flips > 0; flips--)
            stream[random.Next(stream.Length)] ^= (byte)(1 << random.Next(8));
        return stream;
    }

    private static List<string> Read(byte[] stream, int chunkBytes) => Read(stream.Chunk(chunkBytes));

    private static List<string> Read(IEnumerable<byte[]> chunks)
    {
        using var reader = new FrameReader(BytesMax);
        var found = new List<string>();
        foreach (var chunk in chunks)
        {
            Memory<byte> input = chunk.ToArray();
            while (true)
            {
                var kind = reader.Read(input, out var consumed);
                consumed.ShouldBeLessThanOrEqualTo(input.Length);
                input = input[consumed..];
                if (kind is FrameKind.NeedMore)
                    break;
                found.Add(kind is FrameKind.Fault ? $"Fault:{(int)reader.Fault}" : $"{kind}:{Show(kind, reader.Payload.Span)}");
                if (kind is FrameKind.Fault && reader.Fault is CloseCode.ProtocolError)
                    return found;
            }
            input.Length.ShouldBe(0);
        }
        return found;
    }

    private static string Show(FrameKind kind, ReadOnlySpan<byte> payload) =>
        kind is FrameKind.Close ? Encoding.Latin1.GetString(payload) : Encoding.UTF8.GetString(payload);
}
