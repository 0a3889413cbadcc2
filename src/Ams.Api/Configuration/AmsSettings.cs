using Ams.Actors.Storage;
using Ams.Api.RateLimits;

namespace Ams.Api.Configuration;

/// <summary>The server's settings, checked. <c>hocon/reference.conf</c> says what each is for.</summary>
internal sealed record AmsSettings
{
    /// <summary>Development has default secrets and talks to people; everything else is run for others.</summary>
    public required bool IsDevelopment { get; init; }

    /// <summary>Where to listen.</summary>
    public required IReadOnlyList<Uri> Listen { get; init; }

    /// <summary>The store.</summary>
    public required DatabaseSetting Database { get; init; }

    /// <summary>What <c>X-Platform-Key</c> must equal. Secret.</summary>
    public required string PlatformKey { get; init; }

    /// <summary>The HMAC keys of tokens: the one for new tokens, then, while rotating, the old one. Secret.</summary>
    public required IReadOnlyList<string> TokenPeppers { get; init; }

    /// <summary>The rate of a token; null: no limit.</summary>
    public required RatePolicy? RateLimit { get; init; }

    /// <summary>Origins besides the server's own that may open a WebSocket.</summary>
    public required IReadOnlySet<string> AllowedOrigins { get; init; }

    /// <summary>Kestrel's limits.</summary>
    public required HttpSettings Http { get; init; }

    /// <summary>How often a socket is pinged.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>What is logged, and how.</summary>
    public required LogSettings Log { get; init; }

    /// <summary>How the node stops.</summary>
    public required ShutdownSettings Shutdown { get; init; }

    /// <summary>Whether <c>/metrics</c> is on the main port too.</summary>
    public required bool MetricsOnMainPort { get; init; }

    /// <summary>The operator's port.</summary>
    public required OperatorSettings Operator { get; init; }

    /// <summary>The cluster; null: a single node.</summary>
    public required ClusterSettings? Cluster { get; init; }

    /// <summary>Every secret, for those who must never write one down.</summary>
    public IEnumerable<string> Secrets =>
        new[] { PlatformKey, Operator.Key, Cluster?.Key, Database.Password }.Concat(TokenPeppers).OfType<string>();
}

/// <summary>Which store.</summary>
/// <param name="Store">How it is opened. Its URL may hold a password.</param>
/// <param name="Described">Where the data is, in words for people, without a password.</param>
/// <param name="Password">The URL's password, if it has one. Secret.</param>
internal sealed record DatabaseSetting(StoreOptions Store, string Described, string? Password)
{
    /// <summary>True for a database that several nodes can share.</summary>
    public bool IsShared => Store is PostgresStoreOptions;
}

/// <summary>Kestrel's limits.</summary>
/// <param name="ConnectionsMax">Null: as many as the process has file descriptors for.</param>
/// <param name="BodyBytesPerSecondMin">The slowest body, after a grace of 5 s.</param>
internal sealed record HttpSettings(
    int RequestLineBytesMax,
    int HeadersBytesMax,
    TimeSpan HeadersTimeout,
    TimeSpan KeepAliveTimeout,
    int BodyBytesPerSecondMin,
    int? ConnectionsMax
);

/// <summary>What is logged, and how.</summary>
internal sealed record LogSettings(LogLevel Level, bool Json, bool Requests);

/// <summary>How the node stops.</summary>
internal sealed record ShutdownSettings(TimeSpan ReadyOff, TimeSpan Drain);

/// <summary>The operator's port.</summary>
internal sealed record OperatorSettings(IReadOnlyList<Uri> Listen, string? Key);

/// <summary>This node within its cluster.</summary>
internal sealed record ClusterSettings(Uri Listen, Uri Advertise, string Key);
