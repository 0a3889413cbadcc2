using System.Buffers;

namespace Ams.Api.Messages;

/// <summary>Scratch memory for the length of a block; rents nothing when none is asked for.</summary>
internal readonly ref struct RentedBytes(int bytes)
{
    private readonly byte[]? _rented = bytes == 0 ? null : ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>At least as many bytes as were asked for.</summary>
    public Span<byte> Span => _rented;

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
