using System.Buffers.Text;

namespace Ams.Benchmarks.Load;

/// <summary>Reads the numbers of events out of their bytes as they stream by, and fails at the first gap or repeat.</summary>
/// <param name="after">The number before the first one expected.</param>
internal sealed class SequenceCheck(long after)
{
    // A name and its number: what may lie across the cut between two pieces.
    private const int SeamBytesMax = 40;

    private readonly byte[] _seam = new byte[3 * SeamBytesMax];
    private int _seamBytes;

    /// <summary>The last number seen.</summary>
    public long Last { get; private set; } = after;

    private static ReadOnlySpan<byte> Name => "\"channel_seq\":"u8;

    /// <summary>Takes the next bytes of a stream, however they are cut.</summary>
    /// <exception cref="InvalidDataException">A number is not the last one plus one.</exception>
    public void Add(ReadOnlySpan<byte> piece)
    {
        if (_seamBytes > 0)
        {
            var more = Math.Min(2 * SeamBytesMax, piece.Length);
            piece[..more].CopyTo(_seam.AsSpan(_seamBytes));
            var joined = _seam.AsSpan(0, _seamBytes + more);
            var done = Scan(joined);
            if (more == piece.Length)
            {
                Keep(joined[done..]);
                return;
            }
            // Everything that began in the old seam is scanned; go on in the piece where the scan of the joined bytes stopped.
            piece = piece[Math.Max(0, done - _seamBytes)..];
            _seamBytes = 0;
        }
        Keep(piece[Scan(piece)..]);
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        rest = rest[Math.Max(0, rest.Length - SeamBytesMax)..];
        rest.CopyTo(_seam);
        _seamBytes = rest.Length;
    }

    /// <summary>Returns how many bytes need not be looked at again.</summary>
    private int Scan(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (true)
        {
            var at = bytes[consumed..].IndexOf(Name);
            if (at < 0)
                return consumed;
            var digits = bytes[(consumed + at + Name.Length)..];
            if (!Utf8Parser.TryParse(digits, out long seq, out var length) || length == digits.Length)
                return consumed + at;
            if (seq != Last + 1)
                throw new InvalidDataException($"Event {seq} came after {Last}.");
            Last = seq;
            consumed += at + Name.Length + length;
        }
    }
}
