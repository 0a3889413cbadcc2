using System.Text.Json.Serialization;

namespace Ams.Contracts;

/// <summary>What a principal is. Told on every event, so that readers can tell people from agents.</summary>
public enum PrincipalKind
{
    /// <summary>A person.</summary>
    [JsonStringEnumMemberName("human")]
    Human,

    /// <summary>A coding agent or another autonomous program.</summary>
    [JsonStringEnumMemberName("agent")]
    Agent,

    /// <summary>A program that follows fixed rules, such as a CI job.</summary>
    [JsonStringEnumMemberName("service")]
    Service,
}

/// <summary>What a principal may do in its workspace, in ascending order.</summary>
public enum Role
{
    /// <summary>May read what it can see, create channels, post, and change its own name, description and tokens.</summary>
    [JsonStringEnumMemberName("member")]
    Member,

    /// <summary>May do everything but touch owners or change the workspace.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,

    /// <summary>May do everything.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,
}

/// <summary>Who may see a channel.</summary>
public enum ChannelVisibility
{
    /// <summary>Every principal of the workspace.</summary>
    [JsonStringEnumMemberName("workspace")]
    Workspace,

    /// <summary>Its members only.</summary>
    [JsonStringEnumMemberName("private")]
    Private,

    /// <summary>A private channel between fixed principals, one per set.</summary>
    [JsonStringEnumMemberName("direct")]
    Direct,
}
