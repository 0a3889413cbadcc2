using System.Text.RegularExpressions;
using Ams.TestKit.Processes;

namespace Ams.Api.Tests.Specs;

/// <summary>docs/security.md names the tests that show what it says.</summary>
public sealed partial class ThreatModelTests
{
    [Fact]
    public void Every_test_that_the_threat_model_names_exists()
    {
        var page = File.ReadAllText(Path.Combine(ServerExecutable.RepositoryRoot, "docs", "security.md"));
        var named = TestName()
            .Matches(page)
            .Select(match => match.Groups[1].Value)
            .Where(name => name.Any(char.IsLower)) // AMS_LISTEN is a setting
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var sources = Directory
            .EnumerateFiles(Path.Combine(ServerExecutable.RepositoryRoot, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .ToList();

        named.Count.ShouldBeGreaterThan(40);
        named.Where(name => !sources.Exists(source => source.Contains($" {name}(", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();
}
