using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ams.Api.Messages;

/// <summary>What tells "the same request" from another one under the same key (protocol, section 6): a truncated SHA-256 over a canonical form.
/// The form is part of what the journal stores for ever, so it never changes; a new kind of request gets a new <see cref="Operation"/>.</summary>
/// <remarks>It guards a principal against its own mistakes only: keys are scoped by principal, so that nobody gains by a collision.</remarks>
internal ref struct Fingerprint
{
    /// <summary>The length of a fingerprint.</summary>
    public const int Bytes = 16;

    private const int InlineBytes = 512;

    private byte[] _form;
    private int _length;

    /// <summary>Begins the form of one request.</summary>
    /// <param name="capacity">About how long the form will be, in bytes.</param>
    public Fingerprint(Operation operation, int capacity)
    {
        _form = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, InlineBytes));
        _form[0] = (byte)operation;
        _length = 1;
    }

    /// <summary>What is asked for; the first byte of the form.</summary>
    internal enum Operation : byte
    {
        /// <summary>A post: alone, in a batch or on a socket, they are the same request.</summary>
        Post = 1,

        /// <summary>An edit.</summary>
        Edit = 2,

        /// <summary>A deletion.</summary>
        Delete = 3,

        /// <summary>Adding a reaction.</summary>
        AddReaction = 4,

        /// <summary>Taking a reaction back.</summary>
        RemoveReaction = 5,
    }

    /// <summary>The fingerprint of a change that has no body.</summary>
    public static byte[] OfChange(Operation operation, long messageSeq, string detail)
    {
        var form = new Fingerprint(operation, InlineBytes);
        form.Number(messageSeq);
        form.Text(detail);
        var fingerprint = new byte[Bytes];
        form.Finish(fingerprint);
        return fingerprint;
    }

    /// <summary>Adds a number.</summary>
    public void Number(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>Adds bytes with their length in front, so that no two sequences of fields give one form.</summary>
    public void Field(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    /// <summary>Adds a string by its value.</summary>
    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Number(bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    /// <summary>Writes the fingerprint and gives the form's memory back. Nothing may be added after it.</summary>
    public void Finish(Span<byte> fingerprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_form.AsSpan(0, _length), hash);
        hash[..Bytes].CopyTo(fingerprint);
        ArrayPool<byte>.Shared.Return(_form);
        _form = [];
        _length = 0;
    }

    private Span<byte> Take(int bytes)
    {
        if (_form.Length - _length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_form.Length * 2, _length + bytes));
            _form.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_form);
            _form = larger;
        }

        var taken = _form.AsSpan(_length, bytes);
        _length += bytes;
        return taken;
    }
}
