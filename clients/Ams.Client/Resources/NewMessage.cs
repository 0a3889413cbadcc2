using System.Text.Json;

namespace Ams.Client;

/// <summary>A message to be posted (protocol, section 6). What is null is not sent.</summary>
public sealed record NewMessage
{
    /// <summary>Up to 64 KiB of UTF-8; may be absent when there is a payload.</summary>
    public string? Text { get; init; }

    /// <summary>A JSON object up to 64 KiB; its literals and the order of its members are kept.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>The number of the message that it answers.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>Up to 100 principals of the workspace.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>The event that made the author speak (protocol, section 9).</summary>
    public long? Cause { get; init; }

    /// <summary>Post only if nothing came after this number, else 412 <c>head_moved</c>.</summary>
    public long? ExpectedHeadSeq { get; init; }

    /// <summary>Post only as the first reply to <see cref="ReplyTo"/>, else 412 <c>already_answered</c>.</summary>
    public bool? IfUnanswered { get; init; }

    /// <summary>1 to 255 visible ASCII characters, unique per channel and principal, for ever. Null: the client makes one up and keeps it over its
    /// own repeats; give one to be safe over a restart of your program, too.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A key that nobody else has.</summary>
    public static string NewKey() => Guid.CreateVersion7().ToString("n");
}

/// <summary>A message that is committed.</summary>
/// <param name="Event">The event as every reader gets it.</param>
/// <param name="Replayed">True when the key had been used by the same request: nothing new was committed.</param>
/// <param name="IdempotencyKey">The key that was sent.</param>
public sealed record Posted(AmsEvent Event, bool Replayed, string IdempotencyKey);

/// <summary>A member to be added.</summary>
/// <param name="Name">1 to 80 characters, unique among the members.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scopes">Of its first token; null: what its role and the caller's token share.</param>
/// <param name="Description">What it is for.</param>
public sealed record NewMember(
    string Name,
    Contracts.PrincipalKind Kind,
    Contracts.Role Role,
    IReadOnlyList<string>? Scopes = null,
    string? Description = null
);

/// <summary>What is to change of a member; null: leave as it is.</summary>
public sealed record MemberChange(string? Name = null, Contracts.Role? Role = null, string? Description = null);

/// <summary>A channel to be created.</summary>
/// <param name="Name"><c>[a-z0-9][a-z0-9._-]{0,79}</c></param>
/// <param name="Topic">What it is about.</param>
/// <param name="Visibility">Workspace (the default) or private.</param>
/// <param name="Members">Ids of principals, besides the creator.</param>
/// <param name="MaxHops">The longest chain of causes; null: 30.</param>
public sealed record NewChannel(
    string Name,
    string? Topic = null,
    Contracts.ChannelVisibility? Visibility = null,
    IReadOnlyList<string>? Members = null,
    int? MaxHops = null
);

/// <summary>What is to change of a channel; null: leave as it is.</summary>
public sealed record ChannelChange(string? Name = null, string? Topic = null, int? MaxHops = null);

/// <summary>Which entries of the audit log; null: any.</summary>
public sealed record AuditFilter(
    string? ActorId = null,
    string? Action = null,
    DateTimeOffset? After = null,
    DateTimeOffset? Before = null
);
