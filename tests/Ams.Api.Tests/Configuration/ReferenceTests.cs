using Ams.Api.Configuration;

namespace Ams.Api.Tests.Configuration;

/// <summary>Holds hocon/reference.conf against the settings, both ways.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string?> Reference = ConfigFile.Parse(
        "reference.conf",
        SettingsLoader.Reference()
    );

    public static TheoryData<string> Keys => new(Reference.Keys);

    [Fact]
    public void Every_key_of_the_reference_is_read()
    {
        var reader = new SettingsReader(Reference);

        SettingsBinder.Bind(reader, isDevelopment: true, "/data");

        reader.Unread.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Keys))]
    public void Every_setting_that_is_read_stands_in_the_reference(string key)
    {
        var without = new Dictionary<string, string?>(Reference, StringComparer.Ordinal);
        without.Remove(key);

        Should.Throw<KeyNotFoundException>(() => SettingsBinder.Bind(new SettingsReader(without), isDevelopment: true, "/data"));
    }

    [Fact]
    public void Every_environment_key_stands_for_a_key_of_the_reference() =>
        EnvironmentKeys.Settings.Values.ShouldBeSubsetOf(Reference.Keys);

    [Theory]
    [InlineData("sqlite.conf")]
    [InlineData("cluster.conf")]
    public void An_example_file_has_no_key_that_the_reference_lacks(string file)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot(), "hocon", file));

        ConfigFile.Parse(file, text).Keys.ShouldBeSubsetOf(Reference.Keys);
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Ams.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
