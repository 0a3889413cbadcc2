namespace Ams.ControlPlane.Audit;

/// <summary>The closed list of what the audit log tells.</summary>
internal static class AuditActions
{
    /// <summary>Who acts when a change is made with the platform key.</summary>
    public const string Platform = "platform";

    public const string WorkspaceCreated = "workspace.created";
    public const string WorkspaceRenamed = "workspace.renamed";
    public const string WorkspaceDeleted = "workspace.deleted";
    public const string WorkspaceRecovered = "workspace.recovered";
    public const string MemberCreated = "member.created";
    public const string MemberUpdated = "member.updated";
    public const string MemberRemoved = "member.removed";
    public const string TokenMinted = "token.minted";
    public const string TokenRotated = "token.rotated";
    public const string TokenRevoked = "token.revoked";
    public const string ChannelCreated = "channel.created";
    public const string ChannelUpdated = "channel.updated";
    public const string ChannelArchived = "channel.archived";
    public const string ChannelUnarchived = "channel.unarchived";
    public const string ChannelMemberAdded = "channel.member_added";
    public const string ChannelMemberRemoved = "channel.member_removed";
    public const string DirectOpened = "direct.opened";
}
