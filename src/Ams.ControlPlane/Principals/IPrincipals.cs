using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.ControlPlane.Principals;

/// <summary>The members of a workspace.</summary>
public interface IPrincipals
{
    /// <summary>Adds a member with its first token; admin or owner (an owner only by an owner).</summary>
    Task<Outcome<MemberCreated>> CreateAsync(Caller caller, NewMember member, CancellationToken ct);

    /// <summary>Those not removed, oldest first.</summary>
    Task<Outcome<Page<PrincipalView>>> ListAsync(Caller caller, int limit, string? cursor, CancellationToken ct);

    /// <summary>One of the workspace, removed ones included.</summary>
    Task<Outcome<PrincipalView>> GetAsync(Caller caller, string principalId, CancellationToken ct);

    /// <summary>Changes what is given: by an admin or owner, or of oneself all but the role.</summary>
    Task<Outcome<PrincipalView>> UpdateAsync(Caller caller, string principalId, MemberChange change, CancellationToken ct);

    /// <summary>Removes a member and revokes its tokens. Done already: ok.</summary>
    Task<Outcome<bool>> RemoveAsync(Caller caller, string principalId, CancellationToken ct);

    /// <summary>The first of <paramref name="principalIds"/> that is no principal of the workspace (removed ones are), or null. From memory where it can.</summary>
    ValueTask<string?> FirstUnknownAsync(string workspaceId, IReadOnlyList<string> principalIds, CancellationToken ct);
}

/// <summary>A member to be added.</summary>
/// <param name="Name">1 to 80 characters, unique among those not removed.</param>
/// <param name="Scopes">Of the first token; null: what the role and the caller's token share.</param>
public sealed record NewMember(string Name, PrincipalKind Kind, Role Role, IReadOnlyList<string>? Scopes, string? Description);

/// <summary>What is to change; null: leave as it is.</summary>
public sealed record MemberChange(string? Name, Role? Role, string? Description);
