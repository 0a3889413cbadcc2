using System.Text.Json.Nodes;
using Ams.Contracts;

namespace Ams.Api.Specs.Schemas;

/// <summary>What the control plane holds, as it is answered and as it is asked for (protocol, section 5).</summary>
internal static class ResourceSchemas
{
    private const string Slug = "^[a-z0-9][a-z0-9-]{0,39}$";
    private const string ChannelName = "^[a-z0-9][a-z0-9._-]{0,79}$";

    /// <summary>The schemas and their names.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> All =>
        [
            ("Workspace", Workspace()),
            ("Member", Member()),
            ("Token", Token()),
            ("Channel", Channel()),
            ("AuditEntry", AuditEntry()),
            ("WorkspaceAnswer", Named("workspace", "Workspace")),
            ("MemberAnswer", Named("member", "Member")),
            ("TokenAnswer", Named("token", "Token")),
            ("ChannelAnswer", Named("channel", "Channel")),
            ("MemberPage", Page("Member", "Members, oldest first.")),
            ("TokenPage", Page("Token", "Tokens, oldest first, without their secrets.")),
            ("ChannelPage", Page("Channel", "Channels that the caller can see, oldest first.")),
            ("AuditPage", Page("AuditEntry", "Entries, newest first.")),
            ("Me", Me()),
            ("WorkspaceCreated", WorkspaceCreated()),
            ("OwnerToken", Schema.Answer("The new owner token.", ("owner_token", Secret()))),
            ("MemberCreated", MemberCreated()),
            ("NewWorkspace", NewWorkspace()),
            ("WorkspaceChange", Schema.Request("What changes.", ("name", Name("The new name.")))),
            ("NewMember", NewMember()),
            ("MemberChange", MemberChange()),
            ("NewToken", NewToken()),
            ("Rotation", Rotation()),
            ("NewChannel", NewChannel()),
            ("ChannelChange", ChannelChange()),
            ("NewDirect", NewDirect()),
            ("Nothing", Schema.Request("This route takes no members; a body may be left out.")),
        ];

    /// <summary>The names of every scope.</summary>
    public static IReadOnlyList<string> ScopesAll => ScopeNames.Everything.Names();

    private static JsonObject Kind(string description) => Schema.OneOf(description, "human", "agent", "service");

    private static JsonObject RoleOf(string description) => Schema.OneOf(description, "owner", "admin", "member");

    private static JsonObject Name(string description) =>
        Schema.Text(description + " No control characters, no white space around it.", min: 1, max: Limits.NameLengthMax);

    private static JsonObject Description(string description) => Schema.Text(description, max: Limits.DescriptionLengthMax);

    private static JsonObject Scopes(string description) =>
        Schema.List(description, Schema.OneOf("A scope.", ScopesAll)).With("uniqueItems", true);

    private static JsonObject Secret() =>
        Schema.Text("The token itself. Shown this once; keep it like a password.", pattern: "^wat_[0-9A-Za-z]{46}$");

    private static JsonObject Named(string member, string name) =>
        Schema.Answer("One resource under its name.", (member, Schema.Ref(name)));

    private static JsonObject Page(string item, string order) =>
        Schema.Answer(
            "A page of a list.",
            ("items", Schema.List(order, Schema.Ref(item), max: Limits.PageMax)),
            ("next?", Schema.Text("The `cursor` of the next page. Omitted on the last one. Opaque."))
        );

    private static JsonObject Workspace() =>
        Schema.Answer(
            "A tenant: a wall that no token crosses.",
            ("id", Schema.Id("wsp", "The workspace's id.")),
            ("name", Schema.Text("What people call it.", 1, Limits.NameLengthMax)),
            ("slug", Schema.Text("Its name in commands; unique on the server, never changed.", pattern: Slug)),
            ("created_at", Schema.Time("When it was created."))
        );

    private static JsonObject Member() =>
        Schema.Answer(
            "A principal: somebody who acts in a workspace.",
            ("id", Schema.Id("prn", "The principal's id.")),
            ("name", Schema.Text("Unique among the members that were not removed.", 1, Limits.NameLengthMax)),
            ("kind", Kind("What it is; told on every event, so that readers can tell people from agents.")),
            ("role", RoleOf("What it may do.")),
            ("created_at", Schema.Time("When it was created.")),
            ("description?", Description("What it is for.")),
            ("removed_at?", Schema.Time("When it was removed; such a member can only be read by id."))
        );

    private static JsonObject Token() =>
        Schema.Answer(
            "A credential of one principal.",
            ("id", Schema.Id("tok", "The token's id. Not secret.")),
            ("principal_id", Schema.Id("prn", "Whose it is.")),
            ("scopes", Scopes("What it may do, at most.")),
            ("created_at", Schema.Time("When it was minted.")),
            ("name?", Schema.Text("What it is for.", 1, Limits.NameLengthMax)),
            ("expires_at?", Schema.Time("When it ends by itself.")),
            ("revoked_at?", Schema.Time("When it was revoked, or when the overlap of its rotation ends.")),
            ("secret?", Secret().With("description", "Only in the answer that creates the token. Keep it like a password."))
        );

    private static JsonObject Channel() =>
        Schema.Answer(
            "A channel as the caller sees it.",
            ("id", Schema.Id("chn", "The channel's id.")),
            ("visibility", Schema.OneOf("Who may see it.", "workspace", "private", "direct")),
            ("created_by", Schema.Id("prn", "Who created it.")),
            ("created_at", Schema.Time("When it was created.")),
            ("max_hops", Schema.Whole("Longest chain of causes between agents.", 1, Limits.MaxHopsMax)),
            ("head_seq", Schema.Seq("The highest committed `channel_seq`; 0 while it is empty.", min: 0)),
            ("log_id", Schema.Text("The incarnation of its log; another one after a restore to an earlier state.")),
            ("cursor", Schema.Seq("How far the caller has dealt with it.", min: 0)),
            ("unread", Schema.Whole("How many messages lie after that cursor.", 0)),
            ("name?", Schema.Text("Its name; a direct channel has none.", pattern: ChannelName)),
            ("topic?", Schema.Text("What it is about.", max: Limits.TopicLengthMax)),
            ("members?", Schema.List("Of a direct channel: its fixed principals.", Schema.Id("prn", "A principal."))),
            ("archived_at?", Schema.Time("When it was archived: readable, no longer writable."))
        );

    private static JsonObject AuditEntry() =>
        Schema.Answer(
            "Who did what in the control plane.",
            ("id", Schema.Text("The entry's id. Opaque.")),
            ("action", Schema.Text("What was done, such as `token.minted`.")),
            ("actor_id", Schema.Text("The principal that did it, or `platform` for the platform key.")),
            ("at", Schema.Time("When.")),
            ("target_id?", Schema.Text("What it was done to.")),
            ("request_id?", Schema.Text("The `X-Request-Id` of the call.")),
            ("details?", Schema.Map("What else there is to know; never a secret.", Schema.Text("A value.")))
        );

    private static JsonObject Me() =>
        Schema.Answer(
            "Who asks, where, and what the token may do.",
            ("principal", Schema.Ref("Member")),
            ("workspace", Schema.Ref("Workspace")),
            (
                "token",
                Schema.Answer(
                    "The token that asked.",
                    ("id", Schema.Id("tok", "Its id.")),
                    ("scopes", Scopes("What it may do.")),
                    ("name?", Schema.Text("What it is for.")),
                    ("expires_at?", Schema.Time("When it ends."))
                )
            )
        );

    private static JsonObject WorkspaceCreated() =>
        Schema.Answer(
            "A new workspace, its first owner, and that owner's token.",
            ("workspace", Schema.Ref("Workspace")),
            ("owner", Schema.Ref("Member")),
            ("owner_token", Secret())
        );

    private static JsonObject MemberCreated() =>
        Schema.Answer(
            "A new member and its first token, with the secret.",
            ("member", Schema.Ref("Member")),
            ("token", Schema.Ref("Token"))
        );

    private static JsonObject NewWorkspace() =>
        Schema
            .Request(
                "A workspace to be.",
                ("name", Name("What people call it.")),
                ("slug", Schema.Text("Unique on the server; never changed.", pattern: Slug))
            )
            .Example("""{"name": "Acme Robotics", "slug": "acme"}""");

    private static JsonObject NewMember() =>
        Schema
            .Request(
                "A member to be.",
                ("name", Name("Unique among the members that were not removed.")),
                ("kind", Kind("What it is.")),
                ("role", RoleOf("What it may do; only an owner makes owners.")),
                ("scopes?", Scopes("Of its first token; without them, those that the role and the caller's token share.")),
                ("description?", Description("What it is for."))
            )
            .Example("""{"name": "Build Bot", "kind": "agent", "role": "member"}""");

    private static JsonObject MemberChange() =>
        Schema
            .Request(
                "What changes; what is absent stays.",
                ("name?", Name("The new name.")),
                ("role?", RoleOf("The new role; nobody changes their own.")),
                ("description?", Description("The new description; empty takes it away."))
            )
            .Example("""{"description": "Runs the nightly build"}""");

    private static JsonObject NewToken() =>
        Schema
            .Request(
                "A token to be. A body may be left out.",
                ("name?", Name("What it is for.")),
                ("scopes?", Scopes("Without them, those that the principal's role and the caller's token share.")),
                ("expires_at?", Schema.Time("When it ends, in the future; without it, never."))
            )
            .Example("""{"name": "laptop", "scopes": ["channels:read", "messages:read", "messages:write"]}""");

    private static JsonObject Rotation() =>
        Schema
            .Request(
                "How the old token ends. A body may be left out.",
                (
                    "overlap_seconds?",
                    Schema.Whole(
                        "For how many seconds the old one goes on working.",
                        0,
                        Limits.RotationOverlapSecondsMax,
                        otherwise: 300
                    )
                )
            )
            .Example("""{"overlap_seconds": 60}""");

    private static JsonObject NewChannel() =>
        Schema
            .Request(
                "A channel to be.",
                ("name", Schema.Text("Unique among the live channels that the caller can see.", pattern: ChannelName)),
                ("topic?", Schema.Text("What it is about.", max: Limits.TopicLengthMax)),
                ("visibility?", Schema.OneOf("Who may see it.", "workspace", "private").With("default", "workspace")),
                (
                    "members?",
                    Schema.List("Who is in it besides its creator.", Schema.Text("A principal."), max: Limits.InitialMembersMax)
                ),
                (
                    "max_hops?",
                    Schema.Whole("Longest chain of causes between agents.", 1, Limits.MaxHopsMax, Limits.MaxHopsDefault)
                )
            )
            .Example("""{"name": "deploys", "topic": "What goes out, and when"}""");

    private static JsonObject ChannelChange() =>
        Schema
            .Request(
                "What changes; what is absent stays.",
                ("name?", Schema.Text("The new name; a direct channel has none.", pattern: ChannelName)),
                ("topic?", Schema.Text("The new topic; empty takes it away.", max: Limits.TopicLengthMax)),
                ("max_hops?", Schema.Whole("Longest chain of causes between agents.", 1, Limits.MaxHopsMax))
            )
            .Example("""{"topic": "Releases only"}""");

    private static JsonObject NewDirect() =>
        Schema
            .Request(
                "Who talks.",
                (
                    "principals",
                    Schema.List(
                        $"The others; the caller is added. At most {Limits.DirectPrincipalsMax} in all.",
                        Schema.Text("A principal."),
                        min: 1,
                        max: Limits.DirectPrincipalsMax
                    )
                )
            )
            .Example("""{"principals": ["prn_01kaz0bot"]}""");
}
