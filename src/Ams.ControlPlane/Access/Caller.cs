using Ams.Contracts;

namespace Ams.ControlPlane.Access;

/// <summary>Who asks: the principal behind an authenticated token, as it is now.</summary>
/// <param name="WorkspaceId">The one workspace of the token.</param>
/// <param name="PrincipalId">The token's principal.</param>
/// <param name="Name">The principal's name.</param>
/// <param name="Kind">What the principal is.</param>
/// <param name="Role">The principal's role.</param>
/// <param name="TokenId">The token's id; never its secret.</param>
/// <param name="Scopes">The token's scopes, narrowed to what the role can have.</param>
/// <param name="ExpiresAt">When the token ends; null: never.</param>
public sealed record Caller(
    string WorkspaceId,
    string PrincipalId,
    string Name,
    PrincipalKind Kind,
    Role Role,
    string TokenId,
    Scopes Scopes,
    DateTimeOffset? ExpiresAt
)
{
    /// <summary>What the token is called, if anything.</summary>
    public string? TokenName { get; init; }

    /// <summary>The request that is being served; goes into the audit log.</summary>
    public string? RequestId { get; init; }
}
