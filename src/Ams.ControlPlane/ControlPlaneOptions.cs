namespace Ams.ControlPlane;

/// <summary>What the control plane is told at start. A class, not a record: its text must not hold the secrets.</summary>
public sealed class ControlPlaneOptions
{
    /// <summary>Keys of the HMAC under which tokens are stored: the present one first, then those it replaces. A token that is found under an
    /// earlier one is moved to the present one when it is used; tokens under a pepper that is no longer listed are unknown.</summary>
    public required IReadOnlyList<string> TokenPeppers { get; init; }

    /// <summary>What <c>X-Platform-Key</c> must equal.</summary>
    public required string PlatformKey { get; init; }

    /// <summary>Tokens kept in memory, at most; about 0.5 kB each.</summary>
    public int TokenCacheEntries { get; init; } = 50_000;

    /// <summary>Channels kept in memory, at most; about 0.5 kB each.</summary>
    public int ChannelCacheEntries { get; init; } = 50_000;

    /// <summary>Answers to "is this principal a member of that private channel?" kept in memory, at most; about 0.3 kB each.</summary>
    public int MembershipCacheEntries { get; init; } = 100_000;

    /// <summary>Principals kept in memory for the check of mentions, at most; about 0.2 kB each.</summary>
    public int PrincipalCacheEntries { get; init; } = 100_000;
}
