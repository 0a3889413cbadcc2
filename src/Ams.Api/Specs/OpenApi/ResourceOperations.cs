using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>The control plane's routes.</summary>
internal static class ResourceOperations
{
    private const string Workspaces = "Workspaces";
    private const string Members = "Members";
    private const string Tokens = "Tokens";
    private const string Channels = "Channels";

    private const string Manages = "For who manages the channel: its creator and, where they can see it, admins and owners.";
    private const string OwnTokens = "One's own tokens, or as an admin anybody's but an owner's.";

    /// <summary>What is said of them.</summary>
    public static IReadOnlyList<Operation> All { get; } = [.. OfWorkspaces(), .. OfMembers(), .. OfTokens(), .. OfChannels()];

    private static IEnumerable<Operation> OfWorkspaces() =>
        [
            new("POST /v1/workspaces", "createWorkspace", Workspaces, "Create a workspace")
            {
                Description = "With the platform key. The owner's token is in this answer and nowhere else.",
                Body = new("NewWorkspace"),
                Answers = [Answer.Created("WorkspaceCreated", "The workspace, its owner and the owner's token.")],
                Refusals = [ErrorCodes.SlugTaken],
            },
            new("POST /v1/workspaces/{slug}/recover", "recoverOwner", Workspaces, "Replace lost owner tokens")
            {
                Description = "With the platform key. The workspace's other owner tokens are revoked.",
                Body = new("Nothing", Required: false),
                Answers = [Answer.Created("OwnerToken", "The new owner token.")],
                Refusals = [ErrorCodes.NotFound],
            },
            new("GET /v1/workspace", "getWorkspace", Workspaces, "The token's workspace")
            {
                Answers = [Answer.Ok("WorkspaceAnswer", "The workspace.")],
            },
            new("PATCH /v1/workspace", "renameWorkspace", Workspaces, "Rename the workspace")
            {
                Description = "For owners.",
                Body = new("WorkspaceChange"),
                Answers = [Answer.Ok("WorkspaceAnswer", "The workspace.")],
                Refusals = [ErrorCodes.RoleTooLow],
            },
            new("DELETE /v1/workspace", "deleteWorkspace", Workspaces, "Delete the workspace")
            {
                Description = "For owners. Every token of it is revoked.",
                Parameters =
                [
                    Parameters.Query("confirm", Schema.Text("The workspace's slug, to be sure.")) with
                    {
                        Required = true,
                    },
                ],
                Answers = [Answer.NoContent("It is deleted.")],
                Refusals = [ErrorCodes.RoleTooLow],
            },
            new("GET /v1/me", "getMe", Workspaces, "Who am I")
            {
                Answers = [Answer.Ok("Me", "The principal, the workspace and the token.")],
            },
            new("GET /v1/audit", "listAudit", Workspaces, "Who did what in the control plane")
            {
                Description = "For admins and owners. Newest first.",
                Parameters =
                [
                    Parameters.Query("actor", Schema.Text("Only what this principal did.")),
                    Parameters.Query("action", Schema.Text("Only this action, such as `token.minted`.")),
                    Parameters.Query("after", Schema.Time("Only what was done after this time.")),
                    Parameters.Query("before", Schema.Time("Only what was done before this time.")),
                    .. Parameters.Paging,
                ],
                Answers = [Answer.Ok("AuditPage", "A page of entries.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.InvalidCursor],
            },
        ];

    private static IEnumerable<Operation> OfMembers() =>
        [
            new("POST /v1/members", "createMember", Members, "Add a member")
            {
                Description =
                    "For admins and owners; only an owner makes owners. The token's secret is in this answer and nowhere else.",
                Body = new("NewMember"),
                Answers = [Answer.Created("MemberCreated", "The member and its first token.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NameTaken],
            },
            new("GET /v1/members", "listMembers", Members, "The members of the workspace")
            {
                Parameters = Parameters.Paging,
                Answers = [Answer.Ok("MemberPage", "A page of members.")],
                Refusals = [ErrorCodes.InvalidCursor],
            },
            new("GET /v1/members/{id}", "getMember", Members, "One member")
            {
                Description = "A removed one too, with `removed_at`.",
                Answers = [Answer.Ok("MemberAnswer", "The member.")],
                Refusals = [ErrorCodes.NotFound],
            },
            new("PATCH /v1/members/{id}", "updateMember", Members, "Change a member")
            {
                Description =
                    "Oneself, but for the role, with any token. Others need the scope `members:write` and the role admin; owners are touched by owners only.",
                Body = new("MemberChange"),
                Answers = [Answer.Ok("MemberAnswer", "The member.")],
                Refusals =
                [
                    ErrorCodes.ScopeMissing,
                    ErrorCodes.RoleTooLow,
                    ErrorCodes.NotFound,
                    ErrorCodes.NameTaken,
                    ErrorCodes.LastOwner,
                ],
            },
            new("DELETE /v1/members/{id}", "removeMember", Members, "Remove a member")
            {
                Description = "For admins and owners. Its tokens are revoked; its messages stay.",
                Answers = [Answer.NoContent("It is removed.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NotFound, ErrorCodes.LastOwner],
            },
        ];

    private static IEnumerable<Operation> OfTokens() =>
        [
            new("POST /v1/members/{id}/tokens", "mintToken", Tokens, "Mint a token")
            {
                Description =
                    OwnTokens + " Nobody mints beyond the own token's scopes. The secret is in this answer and nowhere else.",
                Body = new("NewToken", Required: false),
                Answers = [Answer.Created("TokenAnswer", "The token, with its secret.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NotFound],
            },
            new("GET /v1/members/{id}/tokens", "listTokens", Tokens, "The tokens of a member")
            {
                Description = OwnTokens,
                Parameters = Parameters.Paging,
                Answers = [Answer.Ok("TokenPage", "A page of tokens, without secrets.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NotFound, ErrorCodes.InvalidCursor],
            },
            new("DELETE /v1/tokens/{id}", "revokeToken", Tokens, "Revoke a token")
            {
                Description =
                    OwnTokens + " Takes effect at once on this node and within 2 s on every other, for open sockets too.",
                Answers = [Answer.NoContent("It is revoked.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NotFound],
            },
            new("POST /v1/tokens/{id}/rotate", "rotateToken", Tokens, "Replace a token")
            {
                Description = OwnTokens + " The old one ends after the overlap.",
                Body = new("Rotation", Required: false),
                Answers = [Answer.Created("TokenAnswer", "The new token, with its secret.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NotFound],
            },
        ];

    private static IEnumerable<Operation> OfChannels() =>
        [
            new("POST /v1/channels", "createChannel", Channels, "Create a channel")
            {
                Body = new("NewChannel"),
                Answers = [Answer.Created("ChannelAnswer", "The channel.")],
                Refusals = [ErrorCodes.NotFound, ErrorCodes.NameTaken],
            },
            new("GET /v1/channels", "listChannels", Channels, "The channels that the caller can see")
            {
                Parameters =
                [
                    Parameters.Query("name", Schema.Text("Only the one of this name.")),
                    Parameters.Query("archived", Schema.Flag("True: the archived ones instead.").With("default", false)),
                    .. Parameters.Paging,
                ],
                Answers = [Answer.Ok("ChannelPage", "A page of channels.")],
                Refusals = [ErrorCodes.InvalidCursor],
            },
            new("GET /v1/channels/{id}", "getChannel", Channels, "One channel")
            {
                Answers = [Answer.Ok("ChannelAnswer", "The channel.")],
            },
            new("PATCH /v1/channels/{id}", "updateChannel", Channels, "Change a channel")
            {
                Description = Manages,
                Body = new("ChannelChange"),
                Answers = [Answer.Ok("ChannelAnswer", "The channel.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NameTaken],
            },
            new("DELETE /v1/channels/{id}", "archiveChannel", Channels, "Archive a channel")
            {
                Description = Manages + " It stays readable and is no longer writable.",
                Answers = [Answer.NoContent("It is archived.")],
                Refusals = [ErrorCodes.RoleTooLow],
            },
            new("POST /v1/channels/{id}/unarchive", "unarchiveChannel", Channels, "Make an archived channel writable again")
            {
                Description = Manages,
                Body = new("Nothing", Required: false),
                Answers = [Answer.Ok("ChannelAnswer", "The channel.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.NameTaken],
            },
            new("POST /v1/direct", "openDirect", Channels, "The direct channel of a set of principals")
            {
                Description = "There is one a set; it is created when it is first asked for.",
                Body = new("NewDirect"),
                Answers = [Answer.Created("ChannelAnswer", "It is new."), Answer.Ok("ChannelAnswer", "It was there already.")],
                Refusals = [ErrorCodes.NotFound],
            },
            new("GET /v1/channels/{id}/members", "listChannelMembers", Channels, "Who is in a channel")
            {
                Parameters = Parameters.Paging,
                Answers = [Answer.Ok("MemberPage", "A page of members.")],
                Refusals = [ErrorCodes.InvalidCursor],
            },
            new("PUT /v1/channels/{id}/members/{principal_id}", "addChannelMember", Channels, "Join a channel, or add somebody")
            {
                Description =
                    "Oneself to a workspace channel, else for who manages the channel. A direct channel's members are fixed.",
                Body = new("Nothing", Required: false),
                Answers = [Answer.NoContent("They are in it.")],
                Refusals = [ErrorCodes.RoleTooLow],
            },
            new(
                "DELETE /v1/channels/{id}/members/{principal_id}",
                "removeChannelMember",
                Channels,
                "Leave a channel, or take somebody out"
            )
            {
                Description = "Oneself, else for who manages the channel. A direct channel's members are fixed.",
                Answers = [Answer.NoContent("They are not in it.")],
                Refusals = [ErrorCodes.RoleTooLow, ErrorCodes.InvalidRequest],
            },
        ];
}
