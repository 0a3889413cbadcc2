namespace Ams.TestKit.Processes;

/// <summary>How to start a server: where its data lies, its port, and what differs from a plain production start.</summary>
public sealed record ServerSetup
{
    /// <summary>The platform key of every server that tests start.</summary>
    public const string PlatformKey = "platform-key-of-the-tests";

    /// <summary>The working directory, under which the data lies. The caller owns it, so that a restart finds it again.</summary>
    public required string Directory { get; init; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; init; } = FreePort.Next();

    /// <summary>The port of the operator's address on 127.0.0.1.</summary>
    public int OperatorPort { get; init; } = FreePort.Next();

    /// <summary>Environment keys on top of the usual ones; a null value takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } =
        new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Command-line arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A command that replaces itself by the server, which it gets as its last arguments: for limits that a process can only inherit. Empty: none.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>The address that clients use.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}");

    /// <summary>The same with one more environment key.</summary>
    public ServerSetup With(string key, string? value) =>
        this with
        {
            Environment = new Dictionary<string, string?>(Environment, StringComparer.Ordinal) { [key] = value },
        };

    internal IEnumerable<KeyValuePair<string, string?>> EffectiveEnvironment()
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["AMS_LISTEN"] = $"http://127.0.0.1:{Port}",
            ["AMS_OPERATOR_LISTEN"] = $"http://127.0.0.1:{OperatorPort}",
            ["AMS_PLATFORM_KEY"] = PlatformKey,
            ["AMS_TOKEN_PEPPER"] = "pepper-of-the-tests-0123456789abcdef",
            ["AMS_RATE_LIMIT"] = "off",
        };
        foreach (var (key, value) in Environment)
            all[key] = value;
        return all;
    }
}
