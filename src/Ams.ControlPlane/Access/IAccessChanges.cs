namespace Ams.ControlPlane.Access;

/// <summary>Tells live sockets, streams and long polls that what somebody may do has changed. On the node that made the change before it is
/// answered; on every other within 2 s. May tell too much, never too little: a listener asks again what it may do.</summary>
public interface IAccessChanges
{
    /// <summary>Calls <paramref name="listener"/> for every change until disposed. The listener must be quick and must not throw.</summary>
    IDisposable Subscribe(Action<AccessChange> listener);
}

/// <summary>One change.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="WorkspaceId">Whose.</param>
/// <param name="TokenId">For <see cref="AccessChangeKind.TokenEnded"/>.</param>
/// <param name="PrincipalId">For <see cref="AccessChangeKind.PrincipalChanged"/> and <see cref="AccessChangeKind.MembershipChanged"/>; null there: everybody of the channel.</param>
/// <param name="ChannelId">For <see cref="AccessChangeKind.MembershipChanged"/> and <see cref="AccessChangeKind.ChannelChanged"/>.</param>
public sealed record AccessChange(
    AccessChangeKind Kind,
    string WorkspaceId,
    string? TokenId = null,
    string? PrincipalId = null,
    string? ChannelId = null
);

/// <summary>What changed.</summary>
public enum AccessChangeKind
{
    /// <summary>A token was revoked, or its end was set.</summary>
    TokenEnded,

    /// <summary>A principal was renamed, given another role, or removed.</summary>
    PrincipalChanged,

    /// <summary>Somebody joined or left a channel.</summary>
    MembershipChanged,

    /// <summary>A channel's settings changed, archive included.</summary>
    ChannelChanged,

    /// <summary>The workspace was deleted.</summary>
    WorkspaceDeleted,
}
