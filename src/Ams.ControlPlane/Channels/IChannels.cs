using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.ControlPlane.Channels;

/// <summary>The channels of a workspace and the principals around them. What a caller can't see is <c>not_found</c>.</summary>
public interface IChannels
{
    /// <summary>Creates a channel; its creator manages it and, if it is private, is its first member.</summary>
    Task<Outcome<ChannelRecord>> CreateAsync(Caller caller, NewChannel channel, CancellationToken ct);

    /// <summary>The one direct channel between the caller and <paramref name="principalIds"/>; <c>Created</c> tells whether it is new.</summary>
    Task<Outcome<(ChannelRecord Channel, bool Created)>> OpenDirectAsync(
        Caller caller,
        IReadOnlyList<string> principalIds,
        CancellationToken ct
    );

    /// <summary>Those the caller can see, oldest first.</summary>
    /// <param name="name">Only of this name; null: all.</param>
    /// <param name="archived">True: the archived ones too.</param>
    Task<Outcome<Page<ChannelRecord>>> ListAsync(
        Caller caller,
        string? name,
        bool archived,
        int limit,
        string? cursor,
        CancellationToken ct
    );

    /// <summary>A channel that the caller can see, from memory where it can. Completes synchronously on a cache hit: every post asks.</summary>
    ValueTask<Outcome<ChannelRecord>> GetAsync(Caller caller, string channelId, CancellationToken ct);

    /// <summary>Changes what is given; who manages it.</summary>
    Task<Outcome<ChannelRecord>> UpdateAsync(Caller caller, string channelId, ChannelChange change, CancellationToken ct);

    /// <summary>Archives or unarchives; who manages it. Done already: ok. Unarchiving a channel whose name is taken: <c>name_taken</c>.</summary>
    Task<Outcome<ChannelRecord>> SetArchivedAsync(Caller caller, string channelId, bool archived, CancellationToken ct);

    /// <summary>The channel's members, in the order they joined.</summary>
    Task<Outcome<Page<PrincipalView>>> ListMembersAsync(
        Caller caller,
        string channelId,
        int limit,
        string? cursor,
        CancellationToken ct
    );

    /// <summary>Adds a member: oneself to a workspace channel, else who manages it. There already: ok. Never to a direct channel.</summary>
    Task<Outcome<bool>> AddMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct);

    /// <summary>Takes a member out: oneself, else who manages it. Gone already: ok. Never from a direct channel.</summary>
    Task<Outcome<bool>> RemoveMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct);
}

/// <summary>A channel as the control plane knows it.</summary>
public sealed record ChannelRecord(
    string Id,
    string WorkspaceId,
    string? Name,
    string? Topic,
    ChannelVisibility Visibility,
    string CreatedBy,
    int MaxHops,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ArchivedAt,
    IReadOnlyList<string>? DirectMembers
);

/// <summary>A channel to be created.</summary>
/// <param name="Name"><c>[a-z0-9][a-z0-9._-]{0,79}</c></param>
/// <param name="Topic">Up to 250 characters.</param>
/// <param name="Members">Added at creation, besides the creator.</param>
/// <param name="MaxHops">1 to 1000; null: 30.</param>
public sealed record NewChannel(
    string Name,
    string? Topic,
    ChannelVisibility Visibility,
    IReadOnlyList<string>? Members,
    int? MaxHops
);

/// <summary>What is to change; null: leave as it is.</summary>
public sealed record ChannelChange(string? Name, string? Topic, int? MaxHops);
