using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ams.Cli.Settings;

/// <summary>What <c>ams login</c> saves, readable by its user alone.</summary>
internal sealed record Profile(string Base, string Token)
{
    public static string Path
    {
        get
        {
            var xdg = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            var home = Environment.GetFolderPath(
                Environment.SpecialFolder.ApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            );
            return System.IO.Path.Combine(string.IsNullOrEmpty(xdg) ? home : xdg, "ams", "profile.json");
        }
    }

    /// <returns>Null when nobody has logged in.</returns>
    /// <exception cref="UsageException">The file can't be read as a profile.</exception>
    public static Profile? Load()
    {
        try
        {
            return
                JsonSerializer.Deserialize(File.ReadAllBytes(Path), ProfileJson.Default.Profile)
                    is { Base.Length: > 0, Token.Length: > 0 } found
                ? found
                : throw new UsageException($"{Path} is damaged; run 'ams login' again.");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new UsageException($"{Path} is damaged; run 'ams login' again.");
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Save()
    {
        var directory = System.IO.Path.GetDirectoryName(Path)!;
        Directory.CreateDirectory(directory);
        var temporary = System.IO.Path.Combine(directory, $".profile.{Environment.ProcessId}.tmp");
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, this, ProfileJson.Default.Profile);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
