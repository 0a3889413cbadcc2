using System.Reflection;
using System.Text;
using Ams.TestKit.Processes;

namespace Ams.Conformance;

/// <summary>Makes <c>docs/protocol-coverage.md</c> from the tests, and fails while the file says something else.</summary>
public sealed class CoverageTests
{
    private const string Update = "AMS_COVERAGE_UPDATE";

    [Fact]
    public async Task The_table_of_promises_is_the_one_the_tests_make()
    {
        var file = Path.Combine(ServerExecutable.RepositoryRoot, "docs", "protocol-coverage.md");
        var table = Table();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(file, table);

        var written = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";

        written.ShouldBe(table, $"Run {Update}=1 dotnet test tests/Ams.Conformance --filter CoverageTests, and commit the file.");
    }

    [Fact]
    public void Every_test_of_this_suite_says_what_it_promises() =>
        Tests().Where(test => test.Promises.Count == 0).Select(test => test.Method.Name).ShouldBeEmpty();

    private static string Table()
    {
        var text = new StringBuilder(
            """
            # What the protocol promises, and the test that shows it

            Made by `tests/Ams.Conformance` from its own tests, which fail while this page is stale. Every test runs against a real listening server.

            """
        );
        var rows = Tests().SelectMany(test => test.Promises.Select(promise => (promise, test.Method))).ToList();
        foreach (var section in rows.GroupBy(row => row.promise.Section).OrderBy(section => section.Key))
        {
            text.Append($"\n## Section {section.Key}\n\n| promise | test |\n|---|---|\n");
            foreach (
                var row in section
                    .OrderBy(row => row.promise.Sentence, StringComparer.Ordinal)
                    .ThenBy(row => row.Method.Name, StringComparer.Ordinal)
            )
            {
                var sentence = row.promise.Sentence.Replace("|", "\\|", StringComparison.Ordinal);
                text.Append($"| {sentence} | `{row.Method.DeclaringType!.Name}.{row.Method.Name}` |\n");
            }
        }
        return text.ToString();
    }

    private static IEnumerable<(MethodInfo Method, IReadOnlyList<PromiseAttribute> Promises)> Tests() =>
        typeof(CoverageTests)
            .Assembly.GetTypes()
            .Where(type => type != typeof(CoverageTests))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => (method, (IReadOnlyList<PromiseAttribute>)[.. method.GetCustomAttributes<PromiseAttribute>()]));
}
