using System.Security.Cryptography;
using System.Text;
using Ams.Actors.Persistence;
using Ams.Contracts;
using Ams.ControlPlane.Storage;
using Ams.ControlPlane.Tokens;
using Microsoft.Extensions.Logging;

namespace Ams.ControlPlane.Access;

/// <summary>Authenticates by digest: from memory, or with one look-up. What was never issued is not remembered, so that nobody can fill the memory
/// with inventions.</summary>
internal sealed partial class Authenticator : IAuthenticator
{
    private readonly ControlPlaneStore _store;
    private readonly TokenHasher _hasher;
    private readonly TimeProvider _time;
    private readonly ILogger<Authenticator> _logger;
    private readonly CoherentCache<TokenDigest, KnownToken> _known;
    private readonly byte[] _platformKeyHash;

    public Authenticator(
        ControlPlaneStore store,
        TokenHasher hasher,
        AccessChanges changes,
        TimeProvider time,
        ControlPlaneOptions options,
        ILogger<Authenticator> logger
    )
    {
        _store = store;
        _hasher = hasher;
        _time = time;
        _logger = logger;
        _known = new("tokens", options.TokenCacheEntries);
        _platformKeyHash = SHA256.HashData(Encoding.UTF8.GetBytes(options.PlatformKey));
        changes.AddCache(Evict);
    }

    public ValueTask<Outcome<Caller>> AuthenticateAsync(string? token, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token))
            return new(AuthRefusals.Missing);
        Span<byte> bytes = stackalloc byte[TokenFormat.Length];
        if (!TokenFormat.TryRead(token, bytes))
            return new(AuthRefusals.Malformed);
        var digest = _hasher.Hash(bytes);
        return _known.TryGet(digest, out var known) ? new(Judge(known)) : new(LookUpAsync(bytes.ToArray(), digest, ct));
    }

    public Outcome<bool> AuthenticatePlatform(string? platformKey)
    {
        // Hashed first, so that the comparison gives away neither the key nor its length.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(platformKey ?? ""), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _platformKeyHash) ? true : AuthRefusals.WrongPlatformKey;
    }

    private async Task<Outcome<Caller>> LookUpAsync(byte[] token, TokenDigest digest, CancellationToken ct)
    {
        var ticket = _known.Ticket(digest);
        var row = await FindAsync(digest, ct) ?? await FindUnderEarlierPepperAsync(token, digest, ct);
        if (row is null)
            return AuthRefusals.Unknown;
        var known = new KnownToken(row.ToCaller(), row.RevokedAt is not null);
        _known.Put(digest, known, ticket);
        return Judge(known);
    }

    private Task<TokenWithPrincipal?> FindAsync(TokenDigest digest, CancellationToken ct) =>
        _store.ReadAsync(db => TokenStore.FindByDigestAsync(db, digest.ToArray()), ct);

    private async Task<TokenWithPrincipal?> FindUnderEarlierPepperAsync(byte[] token, TokenDigest present, CancellationToken ct)
    {
        for (var pepper = 1; pepper < _hasher.PepperCount; pepper++)
        {
            var old = _hasher.Hash(token, pepper);
            if (await FindAsync(old, ct) is not { } row)
                continue;
            await RekeyAsync(row.Id, old, present, ct);
            return row;
        }
        // Another request may have moved it to the present pepper between the two look-ups.
        return _hasher.PepperCount > 1 ? await FindAsync(present, ct) : null;
    }

    private async Task RekeyAsync(string tokenId, TokenDigest old, TokenDigest present, CancellationToken ct)
    {
        try
        {
            await _store.RekeyTokenAsync(tokenId, old.ToArray(), present.ToArray(), ct);
        }
        catch (StoreUnavailableException fault)
        {
            // The token is good whichever pepper it is stored under; its next look-up tries again.
            LogRekeyFailed(tokenId, fault);
        }
    }

    private Outcome<Caller> Judge(KnownToken known) =>
        known.Revoked ? AuthRefusals.Revoked
        : known.Caller.ExpiresAt <= _time.GetUtcNow() ? AuthRefusals.Expired
        : known.Caller;

    private void Evict(AccessChange change)
    {
        switch (change.Kind)
        {
            case AccessChangeKind.TokenEnded:
                _known.EvictWhere((_, known) => known.Caller.TokenId == change.TokenId);
                break;
            case AccessChangeKind.PrincipalChanged:
                _known.EvictWhere((_, known) => known.Caller.PrincipalId == change.PrincipalId);
                break;
            case AccessChangeKind.WorkspaceDeleted:
                _known.EvictWhere((_, known) => known.Caller.WorkspaceId == change.WorkspaceId);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Token {TokenId} could not be moved to the present pepper.")]
    private partial void LogRekeyFailed(string tokenId, Exception fault);

    private sealed record KnownToken(Caller Caller, bool Revoked);
}
