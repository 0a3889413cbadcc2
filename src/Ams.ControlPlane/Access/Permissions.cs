using Ams.Contracts;
using Ams.ControlPlane.Channels;

namespace Ams.ControlPlane.Access;

/// <summary>The one "may X do Y" (protocol, section 3): what a role allows, once scope and visibility have been judged. Pure; null means yes.</summary>
public static class Permissions
{
    /// <summary>To rename or delete the workspace: an owner.</summary>
    public static Refusal? ChangeWorkspace(Caller actor) =>
        actor.Role == Role.Owner ? null : TooLow("Only an owner may change the workspace.");

    /// <summary>To read who did what: an admin or owner.</summary>
    public static Refusal? ReadAudit(Caller actor) => Administer(actor, "read the audit log");

    /// <summary>To add a member of a role: an admin, and an owner for an owner.</summary>
    public static Refusal? AddMember(Caller actor, Role role) =>
        Administer(actor, "add members") ?? (role == Role.Owner ? TouchOwner(actor) : null);

    /// <summary>To change a member. Oneself with any token, except for the role, which takes the scope and the role that changing others takes.</summary>
    /// <param name="newRole">Null: the role stays.</param>
    public static Refusal? ChangeMember(Caller actor, string targetId, Role targetRole, Role? newRole)
    {
        var changesRole = newRole is { } role && role != targetRole;
        if (actor.PrincipalId == targetId && !changesRole)
            return null;
        // The front end lets every token in here, for what one may change of oneself.
        return Administer(actor, "change members")
            ?? (actor.Scopes.HasFlag(Scopes.MembersWrite) ? null : MissingScope(Scopes.MembersWrite))
            ?? (targetRole == Role.Owner || newRole == Role.Owner ? TouchOwner(actor) : null);
    }

    /// <summary>To remove a member: an admin, and an owner for an owner.</summary>
    public static Refusal? RemoveMember(Caller actor, Role targetRole) =>
        Administer(actor, "remove members") ?? (targetRole == Role.Owner ? TouchOwner(actor) : null);

    /// <summary>To list, mint, rotate or revoke a principal's tokens: one's own, an admin anybody's but an owner's.</summary>
    public static Refusal? TouchTokens(Caller actor, string targetId, Role targetRole)
    {
        if (actor.PrincipalId == targetId)
            return null;
        return Administer(actor, "handle the tokens of others") ?? (targetRole == Role.Owner ? TouchOwner(actor) : null);
    }

    /// <summary>To manage a channel that the actor can see: its creator, admins and owners.</summary>
    public static Refusal? ManageChannel(Caller actor, ChannelRecord channel) =>
        actor.PrincipalId == channel.CreatedBy || actor.Role >= Role.Admin
            ? null
            : TooLow("Only the channel's creator, an admin or an owner may do this.");

    /// <summary>To add a member to a channel that the actor can see: oneself to a workspace channel, else who manages it.</summary>
    public static Refusal? AddToChannel(Caller actor, ChannelRecord channel, string principalId) =>
        actor.PrincipalId == principalId && channel.Visibility == ChannelVisibility.Workspace
            ? null
            : ManageChannel(actor, channel);

    /// <summary>To take a member out of a channel that the actor can see: oneself, else who manages it.</summary>
    public static Refusal? RemoveFromChannel(Caller actor, ChannelRecord channel, string principalId) =>
        actor.PrincipalId == principalId ? null : ManageChannel(actor, channel);

    private static Refusal? Administer(Caller actor, string what) =>
        actor.Role >= Role.Admin ? null : TooLow($"Only an admin or owner may {what}.");

    private static Refusal? TouchOwner(Caller actor) =>
        actor.Role == Role.Owner
            ? null
            : TooLow("Only an owner may make, change or remove an owner, or handle an owner's tokens.");

    private static Refusal TooLow(string sentence) => new(ErrorCodes.RoleTooLow, $"{sentence} Ask one of them.");

    private static Refusal MissingScope(Scopes scope) =>
        new(ErrorCodes.ScopeMissing, $"Your token lacks {string.Join(", ", scope.Names())}; use one that has it.");
}
