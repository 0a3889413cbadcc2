using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Principals;

/// <summary>What a member may look like, and what must stay true of all of them.</summary>
internal static class PrincipalRules
{
    public static Refusal? Form(NewMember member) => TextRules.Name("name", member.Name) ?? Description(member.Description);

    public static Refusal? Form(MemberChange change) =>
        (change.Name is null ? null : TextRules.Name("name", change.Name)) ?? Description(change.Description);

    /// <summary>The principal with the change in it.</summary>
    public static PrincipalRow Apply(PrincipalRow principal, MemberChange change) =>
        principal with
        {
            Name = change.Name ?? principal.Name,
            Role = change.Role ?? principal.Role,
            Description = change.Description is null ? principal.Description : TextRules.OrNull(change.Description),
        };

    /// <summary>A workspace keeps at least one owner.</summary>
    /// <param name="owners">Those there are, not removed.</param>
    /// <param name="leaving">Who is about to be an owner no more.</param>
    public static Refusal? KeepsAnOwner(IReadOnlyList<PrincipalRow> owners, string leaving) =>
        owners.Any(owner => owner.Id != leaving)
            ? null
            : new Refusal(ErrorCodes.LastOwner, "This is the workspace's last owner; make somebody else an owner first.");

    public static Refusal NameTaken(string name) =>
        new(ErrorCodes.NameTaken, $"A member is called '{name}' already; choose another name.");

    private static Refusal? Description(string? description) =>
        TextRules.Free("description", description, Limits.DescriptionLengthMax);
}
