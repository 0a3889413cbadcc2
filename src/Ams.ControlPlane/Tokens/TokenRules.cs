using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tokens;

/// <summary>What a token may look like, but for its scopes.</summary>
internal static class TokenRules
{
    public static Refusal NothingToRotate { get; } =
        new(ErrorCodes.NotFound, "This token has ended and can't be rotated; mint a new one.");

    public static Refusal? Name(string? name) => name is null ? null : TextRules.Name("name", name);

    public static Refusal? ExpiresAt(DateTimeOffset? expiresAt, DateTimeOffset now) =>
        expiresAt is { } end && end <= now
            ? Refusal.Invalid("expires_at", "Give a time in the future, or leave it out for a token that never ends.")
            : null;

    public static Refusal? Overlap(TimeSpan overlap) =>
        overlap >= TimeSpan.Zero && overlap <= TimeSpan.FromSeconds(Limits.RotationOverlapSecondsMax)
            ? null
            : Refusal.Invalid("overlap_seconds", $"Give 0 to {Limits.RotationOverlapSecondsMax} seconds.");
}
