using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.Api.Auth;

/// <summary>The first two judgements on a call: who asks (401), and whether the token has the scope (403).</summary>
internal static class Admission
{
    /// <summary>Reads the header and authenticates it.</summary>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">The token is not in memory and the store does not answer.</exception>
    public static ValueTask<Outcome<Caller>> AuthenticateAsync(HttpContext http, IAuthenticator authenticator)
    {
        var token = BearerToken.Read(http.Request);
        return token.TryGet(out var secret, out var refusal)
            ? authenticator.AuthenticateAsync(secret, http.RequestAborted)
            : ValueTask.FromResult<Outcome<Caller>>(refusal);
    }

    /// <summary>The refusal for a caller without the scope, or null.</summary>
    public static Refusal? JudgeScope(Caller caller, Scopes scope) =>
        (caller.Scopes & scope) == scope
            ? null
            : new Refusal(
                ErrorCodes.ScopeMissing,
                $"This needs the scope {string.Join(' ', (scope & ~caller.Scopes).Names())}; use a token that has it."
            );
}
