using System.Collections.Frozen;

namespace Ams.Contracts;

/// <summary>What a token may do, at most (protocol, section 3). A set is a combination of flags.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>workspace:read</c></summary>
    WorkspaceRead = 1 << 0,

    /// <summary><c>workspace:write</c></summary>
    WorkspaceWrite = 1 << 1,

    /// <summary><c>members:read</c></summary>
    MembersRead = 1 << 2,

    /// <summary><c>members:write</c></summary>
    MembersWrite = 1 << 3,

    /// <summary><c>tokens:write</c></summary>
    TokensWrite = 1 << 4,

    /// <summary><c>channels:read</c></summary>
    ChannelsRead = 1 << 5,

    /// <summary><c>channels:write</c></summary>
    ChannelsWrite = 1 << 6,

    /// <summary><c>messages:read</c></summary>
    MessagesRead = 1 << 7,

    /// <summary><c>messages:write</c></summary>
    MessagesWrite = 1 << 8,

    /// <summary><c>audit:read</c></summary>
    AuditRead = 1 << 9,
}

/// <summary>The wire names of scopes, and which of them each role can have.</summary>
public static class ScopeNames
{
    private static readonly (Scopes Scope, string Name)[] All =
    [
        (Scopes.WorkspaceRead, "workspace:read"),
        (Scopes.WorkspaceWrite, "workspace:write"),
        (Scopes.MembersRead, "members:read"),
        (Scopes.MembersWrite, "members:write"),
        (Scopes.TokensWrite, "tokens:write"),
        (Scopes.ChannelsRead, "channels:read"),
        (Scopes.ChannelsWrite, "channels:write"),
        (Scopes.MessagesRead, "messages:read"),
        (Scopes.MessagesWrite, "messages:write"),
        (Scopes.AuditRead, "audit:read"),
    ];

    private static readonly FrozenDictionary<string, Scopes> ByName = All.ToFrozenDictionary(
        pair => pair.Name,
        pair => pair.Scope,
        StringComparer.Ordinal
    );

    /// <summary>Every scope.</summary>
    public static Scopes Everything { get; } = All.Aggregate(Scopes.None, (set, pair) => set | pair.Scope);

    /// <summary>The wire names of a set, in the order of the protocol's list.</summary>
    public static IReadOnlyList<string> Names(this Scopes scopes) =>
        [.. All.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Name)];

    /// <summary>The scope of a wire name; false when there is none of that name.</summary>
    public static bool TryParse(string name, out Scopes scope) => ByName.TryGetValue(name, out scope);

    /// <summary>All scopes that a principal of this role can have.</summary>
    public static Scopes Of(Role role) =>
        role switch
        {
            Role.Owner => Everything,
            Role.Admin => Everything & ~Scopes.WorkspaceWrite,
            Role.Member => Everything & ~(Scopes.WorkspaceWrite | Scopes.MembersWrite | Scopes.AuditRead),
            _ => Scopes.None,
        };
}
