using System.Collections;
using System.Reflection;

namespace Ams.Api.Configuration;

/// <summary>Gathers the settings from the reference, a file and the environment. Touches nothing.</summary>
internal static class SettingsLoader
{
    private const string DevelopmentMarker = "ams.development";

    /// <summary>The settings of this process.</summary>
    /// <exception cref="SettingsException">They can't be used; the message is one line that names the key.</exception>
    public static AmsSettings FromProcess() => Load(ProcessEnvironment(), Directory.GetCurrentDirectory(), IsBuildOutput());

    /// <summary>Of this process's settings the database alone: what a backup needs, without the server's secrets.</summary>
    /// <exception cref="SettingsException">It can't be used; the message is one line that names the key.</exception>
    public static DatabaseSetting DatabaseFromProcess()
    {
        var startedIn = Directory.GetCurrentDirectory();
        return SettingsBinder.Database(Read(ProcessEnvironment(), startedIn), startedIn);
    }

    private static Dictionary<string, string> ProcessEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry pair in Environment.GetEnvironmentVariables())
            environment[(string)pair.Key] = (string?)pair.Value ?? "";
        return environment;
    }

    /// <summary>The settings of a given environment.</summary>
    /// <param name="startedIn">What relative paths are relative to.</param>
    /// <param name="isBuildOutput">What decides between Development and Production when the environment does not say.</param>
    public static AmsSettings Load(IReadOnlyDictionary<string, string> environment, string startedIn, bool isBuildOutput) =>
        SettingsBinder.Bind(Read(environment, startedIn), IsDevelopment(environment, isBuildOutput), startedIn);

    private static SettingsReader Read(IReadOnlyDictionary<string, string> environment, string startedIn)
    {
        var reader = new SettingsReader(ConfigFile.Parse("reference.conf", Reference()));
        if (environment.GetValueOrDefault(EnvironmentKeys.Config) is { Length: > 0 } file)
        {
            foreach (
                var (key, value) in ConfigFile.Parse(file, ReadFile(EnvironmentKeys.Config, Path.GetFullPath(file, startedIn)))
            )
                reader.Overlay(key, value, $"{file}: {key}");
        }
        foreach (
            var (key, value) in environment.Where(pair => IsOurs(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal)
        )
            OverlayEnvironment(reader, environment, key, value, startedIn);
        return reader;
    }

    /// <summary>The text of <c>hocon/reference.conf</c>, as it is inside the server.</summary>
    public static string Reference()
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException("reference.conf is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool IsOurs(string key) =>
        key.StartsWith(EnvironmentKeys.Prefix, StringComparison.Ordinal)
        && key != EnvironmentKeys.Config
        && !EnvironmentKeys.IsClients(key);

    private static void OverlayEnvironment(
        SettingsReader reader,
        IReadOnlyDictionary<string, string> environment,
        string key,
        string value,
        string startedIn
    )
    {
        if (EnvironmentKeys.Settings.TryGetValue(key, out var setting))
        {
            reader.Overlay(setting, value, key);
            return;
        }
        var plain = key.EndsWith(EnvironmentKeys.FileSuffix, StringComparison.Ordinal)
            ? key[..^EnvironmentKeys.FileSuffix.Length]
            : key;
        if (plain == key || !EnvironmentKeys.Secrets.Contains(plain))
            throw new SettingsException($"{key} is not a setting; the README lists the environment keys there are");
        if (environment.ContainsKey(plain))
            throw new SettingsException($"{plain} and {key} are both set; keep one");
        reader.Overlay(
            EnvironmentKeys.Settings[plain],
            WithoutLastNewline(ReadFile(key, Path.GetFullPath(value, startedIn))),
            key
        );
    }

    private static bool IsDevelopment(IReadOnlyDictionary<string, string> environment, bool isBuildOutput)
    {
        var explicitly =
            environment.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") ?? environment.GetValueOrDefault("DOTNET_ENVIRONMENT");
        return string.IsNullOrEmpty(explicitly)
            ? isBuildOutput
            : explicitly.Equals("Development", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A build leaves a marker beside the server that publishing leaves out: whatever is not known to be a developer's build is Production.</summary>
    private static bool IsBuildOutput() => File.Exists(Path.Combine(AppContext.BaseDirectory, DevelopmentMarker));

    private static string ReadFile(string key, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{key}: {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Files end in a newline that is not part of the secret.</summary>
    private static string WithoutLastNewline(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
        : text.EndsWith('\n') ? text[..^1]
        : text;
}
