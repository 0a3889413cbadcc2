namespace Ams.Client;

/// <summary>How a client reaches a server. Immutable once the client is made.</summary>
public sealed record AmsClientOptions
{
    /// <summary>Where the server listens, for example <c>http://localhost:8787</c>. A path in it is kept as a prefix.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The token (<c>wat_…</c>); null for the few calls that need none.</summary>
    public string? Token { get; init; }

    /// <summary>The platform key; only for creating a workspace and recovering its owner.</summary>
    public string? PlatformKey { get; init; }

    /// <summary>When and for how long a call is repeated by itself.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>The clock behind delays and timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The handler that sends HTTP requests; null: one of the client's own, which it disposes of.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>What a call says it is, in <c>User-Agent</c>.</summary>
    public string UserAgent { get; init; } = "ams-client/1";

    /// <summary>A number from 0 to 1 for jitter; tests fix it.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}

/// <summary>When a call is repeated: after a network fault, a 503 or a 429 <c>rate_limited</c>, and only if repeating it can't do it twice.</summary>
public sealed record RetryOptions
{
    /// <summary>The first delay; each further one is twice as long, half of it jittered.</summary>
    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay, unless the server's <c>Retry-After</c> asks for a longer one.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No attempt is begun later than this after the first; zero: never repeat.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take before it counts as a network fault. A long poll adds its wait.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
