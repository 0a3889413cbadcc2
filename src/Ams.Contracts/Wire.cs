namespace Ams.Contracts;

/// <summary>A tenant.</summary>
public sealed record WorkspaceView(string Id, string Name, string Slug, DateTimeOffset CreatedAt);

/// <summary>Somebody who acts. <c>RemovedAt</c> is set on one that was removed and is read by id.</summary>
public sealed record PrincipalView(
    string Id,
    string Name,
    PrincipalKind Kind,
    Role Role,
    DateTimeOffset CreatedAt,
    string? Description = null,
    DateTimeOffset? RemovedAt = null
);

/// <summary>A token as it is listed. <c>Secret</c> is there once, in the answer that creates it.</summary>
public sealed record TokenView(
    string Id,
    string PrincipalId,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    string? Name = null,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? RevokedAt = null,
    string? Secret = null
);

/// <summary>A channel as one principal sees it.</summary>
/// <param name="HeadSeq">The highest committed <c>channel_seq</c>; 0 while it is empty.</param>
/// <param name="LogId">The log's incarnation.</param>
/// <param name="Cursor">How far the asking principal has dealt with it.</param>
/// <param name="Unread">How many messages lie after that cursor.</param>
public sealed record ChannelView(
    string Id,
    ChannelVisibility Visibility,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    int MaxHops,
    long HeadSeq,
    string LogId,
    long Cursor,
    long Unread,
    string? Name = null,
    string? Topic = null,
    IReadOnlyList<string>? Members = null,
    DateTimeOffset? ArchivedAt = null
);

/// <summary>Who did what in the control plane.</summary>
public sealed record AuditEntry(
    string Id,
    string Action,
    string ActorId,
    DateTimeOffset At,
    string? TargetId = null,
    string? RequestId = null,
    IReadOnlyDictionary<string, string>? Details = null
);

/// <summary>The author of an event, as it was at commit.</summary>
public sealed record AuthorView(string Id, string Name, PrincipalKind Kind);

/// <summary>A page of a list; <c>Next</c> is omitted on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>Answer that creates a workspace.</summary>
public sealed record WorkspaceCreated(WorkspaceView Workspace, PrincipalView Owner, string OwnerToken);

/// <summary>Answer that creates a member.</summary>
public sealed record MemberCreated(PrincipalView Member, TokenView Token);

/// <summary>Answer of <c>GET /v1/me</c>.</summary>
public sealed record Me(PrincipalView Principal, WorkspaceView Workspace, MyToken Token);

/// <summary>The token that asked.</summary>
public sealed record MyToken(string Id, IReadOnlyList<string> Scopes, string? Name = null, DateTimeOffset? ExpiresAt = null);

/// <summary>A problem (RFC 9457) as AMS sends it.</summary>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string RequestId,
    bool Retryable,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    long? HeadSeq = null,
    string? LogId = null,
    long? FirstAvailableSeq = null,
    System.Text.Json.JsonElement? Event = null
);
