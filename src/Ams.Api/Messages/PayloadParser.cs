using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>Reads one payload in one pass and makes two forms of it: <see cref="Compact"/>, the caller's own literals and order without white space, and
/// <see cref="Canonical"/>, with members in the order of their names and strings by value, for the fingerprint.</summary>
/// <remarks>Sorting the members of each object also brings doubled names together: n log n at worst, whatever the names, and no hash to flood.
/// A canonical form is never longer than the compact one, so one size bounds all three parts of the rented block.</remarks>
internal ref struct PayloadParser
{
    private const int InsertionSortMax = 16;

    private byte[]? _block;
    private Member[]? _members;
    private int _capacity;
    private int _compact;
    private int _canonical;
    private int _memberCount;

    /// <summary>True once a payload was read and nothing stands against it.</summary>
    public bool HasValue { get; private set; }

    /// <summary>The payload as it is stored. Valid until <see cref="Dispose"/>.</summary>
    public readonly ReadOnlySpan<byte> Compact => _block.AsSpan(0, _compact);

    /// <summary>The payload as it is compared. Valid until <see cref="Dispose"/>.</summary>
    public readonly ReadOnlySpan<byte> Canonical => _block.AsSpan(_capacity, _canonical);

    /// <summary>Reads the object on which <paramref name="reader"/> stands, to its end.</summary>
    /// <param name="bodyBytes">The length of the whole body, which bounds the payload's.</param>
    /// <returns>Null when it is a payload; else what stands against it. The reader is at the object's end either way.</returns>
    public PayloadFault? Read(ref Utf8JsonReader reader, int bodyBytes)
    {
        _capacity = Math.Min(bodyBytes - (int)reader.TokenStartIndex, Limits.PayloadBytesMax);
        _block = ArrayPool<byte>.Shared.Rent(_capacity * 3);
        var depth = reader.CurrentDepth;
        var fault = Walk(ref reader);
        HasValue = fault is null;
        while (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth != depth)
            reader.Read();
        return fault;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        if (_members is not null)
            ArrayPool<Member>.Shared.Return(_members);
        this = default;
    }

    private PayloadFault? Walk(ref Utf8JsonReader reader)
    {
        Span<Level> levels = stackalloc Level[Limits.PayloadDepthMax];
        var depth = 0;
        var comma = false;
        do
        {
            var token = reader.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                if (token == JsonTokenType.EndObject && SortMembers(levels[depth]) is { } doubled)
                    return doubled;
                if (!Put(token == JsonTokenType.EndObject ? "}"u8 : "]"u8))
                    return PayloadFault.TooLarge;
                comma = true;
                continue;
            }

            if (token == JsonTokenType.PropertyName)
                EndMember(levels[depth - 1]);
            if (comma && !Put(","u8))
                return PayloadFault.TooLarge;
            comma = false;
            switch (token)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (depth == levels.Length)
                        return PayloadFault.TooDeep;
                    if (!Put(token == JsonTokenType.StartObject ? "{"u8 : "["u8))
                        return PayloadFault.TooLarge;
                    levels[depth++] = new Level(_canonical, _memberCount);
                    break;
                case JsonTokenType.PropertyName:
                    var start = _canonical;
                    if (PutString(ref reader) is { } faultOfName)
                        return faultOfName;
                    BeginMember(start);
                    if (!Put(":"u8))
                        return PayloadFault.TooLarge;
                    break;
                case JsonTokenType.String:
                    if (PutString(ref reader) is { } faultOfValue)
                        return faultOfValue;
                    comma = true;
                    break;
                default:
                    if (!Put(reader.ValueSpan))
                        return PayloadFault.TooLarge;
                    comma = true;
                    break;
            }
        } while (depth > 0 && reader.Read());

        return null;
    }

    private bool Put(ReadOnlySpan<byte> literal)
    {
        if (_capacity - _compact < literal.Length)
            return false;
        literal.CopyTo(_block.AsSpan(_compact));
        literal.CopyTo(_block.AsSpan(_capacity + _canonical));
        _compact += literal.Length;
        _canonical += literal.Length;
        return true;
    }

    private PayloadFault? PutString(ref Utf8JsonReader reader)
    {
        var content = reader.ValueSpan;
        if (_capacity - _compact < content.Length + 2)
            return PayloadFault.TooLarge;
        var compact = _block.AsSpan(_compact);
        compact[0] = (byte)'"';
        content.CopyTo(compact[1..]);
        compact[content.Length + 1] = (byte)'"';
        _compact += content.Length + 2;

        var canonical = _block.AsSpan(_capacity + _canonical, content.Length + 2);
        canonical[0] = (byte)'"';
        var length = content.Length;
        if (!reader.ValueIsEscaped)
            content.CopyTo(canonical[1..]);
        else if ((length = JsonText.Write(content, canonical[1..], out _)) == JsonText.LoneSurrogate)
            return PayloadFault.LoneSurrogate;
        canonical[length + 1] = (byte)'"';
        _canonical += length + 2;
        return null;
    }

    private void BeginMember(int start)
    {
        if (_members is null || _memberCount == _members.Length)
        {
            var larger = ArrayPool<Member>.Shared.Rent(Math.Max(64, _memberCount * 2));
            if (_members is not null)
            {
                _members.AsSpan(0, _memberCount).CopyTo(larger);
                ArrayPool<Member>.Shared.Return(_members);
            }

            _members = larger;
        }

        _members[_memberCount++] = new Member(start, _canonical - start);
    }

    // Nested objects have taken their members off again, so the last one is the one that a comma or a brace now ends.
    private readonly void EndMember(Level level)
    {
        if (_memberCount > level.FirstMember)
            _members![_memberCount - 1].End = _canonical;
    }

    private PayloadFault? SortMembers(Level level)
    {
        EndMember(level);
        var count = _memberCount - level.FirstMember;
        if (count < 2)
        {
            _memberCount = level.FirstMember;
            return null;
        }

        var members = _members.AsSpan(level.FirstMember, count);
        _memberCount = level.FirstMember;
        var order = new ByName(_block!, _capacity);
        if (IsAscending(members, order))
            return null;
        if (count <= InsertionSortMax)
            InsertionSort(members, order);
        else
            members.Sort(order);
        for (var i = 1; i < count; i++)
            if (order.Compare(members[i - 1], members[i]) == 0)
                return PayloadFault.Doubled(order.Name(members[i]));
        Rearrange(level.Start, members);
        return null;
    }

    private static bool IsAscending(ReadOnlySpan<Member> members, ByName order)
    {
        for (var i = 1; i < members.Length; i++)
            if (order.Compare(members[i - 1], members[i]) >= 0)
                return false;
        return true;
    }

    private static void InsertionSort(Span<Member> members, ByName order)
    {
        for (var i = 1; i < members.Length; i++)
        {
            var member = members[i];
            var at = i;
            for (; at > 0 && order.Compare(members[at - 1], member) > 0; at--)
                members[at] = members[at - 1];
            members[at] = member;
        }
    }

    private readonly void Rearrange(int start, ReadOnlySpan<Member> members)
    {
        var canonical = _block.AsSpan(_capacity, _capacity);
        var sorted = _block.AsSpan(2 * _capacity, _capacity);
        var length = 0;
        foreach (var member in members)
        {
            if (length > 0)
                sorted[length++] = (byte)',';
            canonical[member.Start..member.End].CopyTo(sorted[length..]);
            length += member.End - member.Start;
        }

        sorted[..length].CopyTo(canonical[start..]);
    }

    /// <summary>An open object or array: where its content begins in the canonical form, and its first member.</summary>
    private readonly record struct Level(int Start, int FirstMember);

    [StructLayout(LayoutKind.Auto)]
    private struct Member(int start, int nameBytes)
    {
        public readonly int Start = start;
        public readonly int NameBytes = nameBytes;
        public int End;
    }

    private readonly struct ByName(byte[] block, int canonical) : IComparer<Member>
    {
        public int Compare(Member x, Member y) => Literal(x).SequenceCompareTo(Literal(y));

        public string Name(Member member) => Encoding.UTF8.GetString(Literal(member)[1..^1]);

        private ReadOnlySpan<byte> Literal(Member member) => block.AsSpan(canonical + member.Start, member.NameBytes);
    }
}

/// <summary>What stands against a payload.</summary>
/// <param name="IsSize">True when it is over its size (413), false when it is malformed (400).</param>
/// <param name="Sentence">What to do.</param>
internal sealed record PayloadFault(bool IsSize, string Sentence)
{
    /// <summary>Over <see cref="Limits.PayloadBytesMax"/>.</summary>
    public static PayloadFault TooLarge { get; } =
        new(
            true,
            $"payload is over {Limits.PayloadBytesMax} bytes without insignificant white space; store the rest elsewhere and refer to it."
        );

    /// <summary>Over <see cref="Limits.PayloadDepthMax"/>.</summary>
    public static PayloadFault TooDeep { get; } =
        new(false, $"payload is nested deeper than {Limits.PayloadDepthMax} levels, itself counted; flatten it.");

    /// <summary>Half a surrogate pair in a name or a string.</summary>
    public static PayloadFault LoneSurrogate { get; } =
        new(false, "payload has an escaped surrogate without its other half, which no UTF-8 can hold; send whole characters.");

    /// <summary>A name that stands twice in one object.</summary>
    public static PayloadFault Doubled(string name) =>
        new(false, $"payload has the member {Shown.Quoted(name)} twice in one object; send it once.");
}
