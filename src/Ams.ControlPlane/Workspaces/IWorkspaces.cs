using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.ControlPlane.Workspaces;

/// <summary>The tenants. Scopes are judged by the front end before; roles, existence and form here, in the protocol's order.</summary>
public interface IWorkspaces
{
    /// <summary>Creates a workspace with its first owner and the owner's token. The platform key has been checked.</summary>
    /// <param name="name">1 to 80 characters.</param>
    /// <param name="slug"><c>[a-z0-9][a-z0-9-]{0,39}</c>, unique among all workspaces that were not deleted.</param>
    Task<Outcome<WorkspaceCreated>> CreateAsync(string name, string slug, string? requestId, CancellationToken ct);

    /// <summary>The caller's workspace.</summary>
    Task<Outcome<WorkspaceView>> GetAsync(Caller caller, CancellationToken ct);

    /// <summary>Renames it; owner only.</summary>
    Task<Outcome<WorkspaceView>> RenameAsync(Caller caller, string name, CancellationToken ct);

    /// <summary>Deletes it and revokes every token in it; owner only; <paramref name="confirmSlug"/> must be its slug.</summary>
    Task<Outcome<bool>> DeleteAsync(Caller caller, string? confirmSlug, CancellationToken ct);

    /// <summary>Gives a new owner token and revokes the workspace's other owner tokens. The platform key has been checked.</summary>
    /// <returns>The secret itself.</returns>
    Task<Outcome<string>> RecoverOwnerAsync(string slug, string? requestId, CancellationToken ct);
}
