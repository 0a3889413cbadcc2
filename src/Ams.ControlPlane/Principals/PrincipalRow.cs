using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Principals;

/// <summary>A principal as it is stored.</summary>
internal record PrincipalRow
{
    public string Id { get; init; } = "";
    public string WorkspaceId { get; init; } = "";
    public string Name { get; init; } = "";
    public PrincipalKind Kind { get; init; }
    public Role Role { get; init; }
    public string? Description { get; init; }
    public long CreatedAt { get; init; }
    public long? RemovedAt { get; init; }

    public PrincipalView ToView() => new(Id, Name, Kind, Role, Times.From(CreatedAt), Description, Times.From(RemovedAt));
}
