using System.Collections.Frozen;

namespace Ams.Api.Configuration;

/// <summary>The environment keys of the protocol (section 2) and the settings they stand for.</summary>
internal static class EnvironmentKeys
{
    /// <summary>What every key of ours begins with.</summary>
    public const string Prefix = "AMS_";

    /// <summary>Names the configuration file.</summary>
    public const string Config = "AMS_CONFIG";

    /// <summary>Ends the key of a variant that names a file with the value.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>Environment key → dotted key.</summary>
    public static FrozenDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AMS_LISTEN"] = "listen",
            ["AMS_DATABASE"] = "database",
            ["AMS_PLATFORM_KEY"] = "platform-key",
            ["AMS_TOKEN_PEPPER"] = "token-pepper",
            ["AMS_RATE_LIMIT"] = "rate-limit",
            ["AMS_CLUSTER_LISTEN"] = "cluster.listen",
            ["AMS_CLUSTER_ADVERTISE"] = "cluster.advertise",
            ["AMS_CLUSTER_KEY"] = "cluster.key",
            ["AMS_OPERATOR_LISTEN"] = "operator.listen",
            ["AMS_OPERATOR_KEY"] = "operator.key",
        }.ToFrozenDictionary();

    /// <summary>Those that hold a secret, and so may come from a file.</summary>
    public static FrozenSet<string> Secrets { get; } =
        new[] { "AMS_DATABASE", "AMS_PLATFORM_KEY", "AMS_TOKEN_PEPPER", "AMS_CLUSTER_KEY", "AMS_OPERATOR_KEY" }.ToFrozenSet();

    /// <summary>Keys of the clients, which may share a shell with the server.</summary>
    public static bool IsClients(string key) =>
        key is "AMS_URL" or "AMS_TOKEN" or "AMS_PROFILE" or "AMS_CHANNELS" or "AMS_WAKE"
        || key.StartsWith("AMS_BRIDGE_", StringComparison.Ordinal);
}
