using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Channels;

/// <summary>A channel as it is stored.</summary>
internal sealed record ChannelRow
{
    public string Id { get; init; } = "";
    public string WorkspaceId { get; init; } = "";
    public string? Name { get; init; }
    public string? Topic { get; init; }
    public ChannelVisibility Visibility { get; init; }
    public string CreatedBy { get; init; } = "";
    public int MaxHops { get; init; }

    /// <summary>Of a direct channel: its principals, sorted, separated by spaces. Unique within the workspace.</summary>
    public string? DirectSet { get; init; }
    public long CreatedAt { get; init; }
    public long? ArchivedAt { get; init; }

    public ChannelRecord ToRecord() =>
        new(
            Id,
            WorkspaceId,
            Name,
            Topic,
            Visibility,
            CreatedBy,
            MaxHops,
            Times.From(CreatedAt),
            Times.From(ArchivedAt),
            DirectSet?.Split(' ')
        );
}
