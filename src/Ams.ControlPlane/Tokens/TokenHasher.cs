using System.Security.Cryptography;
using System.Text;

namespace Ams.ControlPlane.Tokens;

/// <summary>Hashes tokens under the pepper, and under the ones before it while it is being rotated.</summary>
internal sealed class TokenHasher
{
    private readonly byte[][] _peppers;

    /// <param name="peppers">The present one first; at least one, none empty.</param>
    public TokenHasher(IReadOnlyList<string> peppers)
    {
        if (peppers.Count == 0 || peppers.Any(string.IsNullOrEmpty))
            throw new ArgumentException("At least one token pepper is needed, and none may be empty.", nameof(peppers));
        _peppers = [.. peppers.Select(Encoding.UTF8.GetBytes)];
    }

    public int PepperCount => _peppers.Length;

    /// <summary>The digest of a well-formed token's bytes.</summary>
    /// <param name="pepper">0: the present one; higher: earlier ones.</param>
    public TokenDigest Hash(ReadOnlySpan<byte> token, int pepper = 0)
    {
        Span<byte> hash = stackalloc byte[TokenDigest.Length];
        HMACSHA256.HashData(_peppers[pepper], token, hash);
        return TokenDigest.From(hash);
    }

    /// <summary>The digest of a token that was just made.</summary>
    public TokenDigest Hash(string token) => Hash(Encoding.ASCII.GetBytes(token));
}
