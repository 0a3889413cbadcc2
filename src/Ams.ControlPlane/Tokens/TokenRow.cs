using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tokens;

/// <summary>A token as it is stored; never its secret.</summary>
internal record TokenRow
{
    public string Id { get; init; } = "";
    public string WorkspaceId { get; init; } = "";
    public string PrincipalId { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>The wire names, separated by spaces: a bit that is renumbered must not change anybody's rights.</summary>
    public string Scopes { get; init; } = "";
    public byte[] Digest { get; init; } = [];
    public long CreatedAt { get; init; }

    /// <summary>The end it was minted with.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>The end that a rotation gave it. Apart from the other, since its successor inherits that one and not this.</summary>
    public long? SupersededAt { get; init; }
    public long? RevokedAt { get; init; }

    public Scopes ScopeSet => ScopeRules.Unpack(Scopes);

    /// <summary>When it stops working by itself.</summary>
    public DateTimeOffset? End =>
        Times.From(SupersededAt is { } superseded && !(ExpiresAt < superseded) ? superseded : ExpiresAt);

    /// <summary>Why it does not work any more; null while it does.</summary>
    public Refusal? Ended(DateTimeOffset now) =>
        RevokedAt is not null ? AuthRefusals.Revoked
        : End <= now ? AuthRefusals.Expired
        : null;

    /// <param name="role">What the principal is now: it narrows the scopes.</param>
    public TokenView ToView(Role role, string? secret = null) =>
        new(
            Id,
            PrincipalId,
            (ScopeSet & ScopeNames.Of(role)).Names(),
            Times.From(CreatedAt),
            Name,
            End,
            Times.From(RevokedAt),
            secret
        );
}

/// <summary>A token with the principal behind it.</summary>
internal sealed record TokenWithPrincipal : TokenRow
{
    public string PrincipalName { get; init; } = "";
    public PrincipalKind Kind { get; init; }
    public Role Role { get; init; }

    public Caller ToCaller() =>
        new(WorkspaceId, PrincipalId, PrincipalName, Kind, Role, Id, ScopeSet & ScopeNames.Of(Role), End) { TokenName = Name };
}
