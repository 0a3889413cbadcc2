using Ams.Contracts;

namespace Ams.ControlPlane.Access;

/// <summary>Turns a secret into a caller (protocol, section 3). Safe for concurrent use.</summary>
public interface IAuthenticator
{
    /// <summary>Checks form and checksum without the database, then looks the token's digest up, from memory where it can. Completes synchronously on a cache hit.</summary>
    /// <param name="token">What the caller sent, or null.</param>
    /// <returns>The caller, or <c>missing_token</c>, <c>malformed_token</c>, <c>unknown_token</c>, <c>token_expired</c>, <c>token_revoked</c>.</returns>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The token is not in memory and the store does not answer.</exception>
    ValueTask<Outcome<Caller>> AuthenticateAsync(string? token, CancellationToken ct);

    /// <summary>Compares a platform key in constant time; a refusal is <c>wrong_platform_key</c>.</summary>
    Outcome<bool> AuthenticatePlatform(string? platformKey);
}
