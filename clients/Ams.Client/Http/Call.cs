namespace Ams.Client;

/// <summary>One call, in a form that can be sent any number of times.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, below the base URL, without a leading slash.</param>
/// <param name="Body">JSON, or null for none.</param>
internal sealed record Call(HttpMethod Method, string Path, byte[]? Body = null)
{
    /// <summary>Sent as <c>Idempotency-Key</c>; the same for every attempt.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>True when doing it twice is the same as doing it once. Otherwise it is repeated only if it certainly was not done.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Authenticate with the platform key in place of the token.</summary>
    public bool AsPlatform { get; init; }

    /// <summary>What to ask for; null: JSON.</summary>
    public string? Accept { get; init; }

    /// <summary>How much longer than usual an attempt may take: a long poll's wait.</summary>
    public TimeSpan ExtraTime { get; init; }
}
