using System.Buffers;
using Ams.Contracts;

namespace Ams.ControlPlane.Workspaces;

/// <summary>What a workspace may look like.</summary>
internal static class WorkspaceRules
{
    private static readonly SearchValues<char> SlugCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static Refusal? Slug(string? slug) =>
        slug is { Length: >= 1 and <= Limits.SlugLengthMax } && slug[0] != '-' && !slug.AsSpan().ContainsAnyExcept(SlugCharacters)
            ? null
            : Refusal.Invalid(
                "slug",
                $"A slug has 1 to {Limits.SlugLengthMax} of a to z, 0 to 9 and '-', and begins with a letter or digit."
            );

    public static Refusal SlugTaken(string slug) =>
        new(ErrorCodes.SlugTaken, $"A workspace with the slug '{slug}' exists; choose another one.");
}
