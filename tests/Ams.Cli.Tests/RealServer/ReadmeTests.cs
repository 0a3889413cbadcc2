using Ams.TestKit.Processes;

namespace Ams.Cli.Tests.RealServer;

public sealed class ReadmeTests(AcmeServer server) : IClassFixture<AcmeServer>, IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_command_of_the_readme_works_when_it_is_pasted()
    {
        var launcher = _directory.File("ams");
        var executable = Path.Combine(AppContext.BaseDirectory, "ams.dll");
        await File.WriteAllTextAsync(launcher, $"#!/bin/sh\nexec dotnet '{executable}' \"$@\"\n");
        var blocks = Document.Blocks("README.md", "sh");
        // A fault anywhere ends the paste, and with it the test.
        var script = "set -eo pipefail\nchmod +x ams\n" + string.Join("echo ----\n", blocks);

        using var bash = Shell.Start(_directory.Path, "bash", ["-c", script], ("AMS_URL", server.Url));
        var ended = await bash.EndAsync();

        ended.ExitCode.ShouldBe(0, ended.Output + ended.Error);
        var parts = ended.Output.Split("----\n");
        parts.Length.ShouldBe(4);
        // Sent twice, there once.
        parts[0].ShouldContain("posted before");
        parts[0]
            .Split('\n')
            .Count(line => line.EndsWith("\tmessage.created\tdeploy started", StringComparison.Ordinal))
            .ShouldBe(1);
        // Subscribed: both, in order.
        parts[1]
            .Split('\n')
            .Where(line => line.Contains("message.created", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf('\t') + 1)..])
            .ShouldBe(["deploy started", "deploy finished"]);
        // Each of the four doors shows the post made through the first one.
        parts[2].Split("hello from curl").Length.ShouldBe(5);
        parts[3].ShouldContain("0 were there already");
        parts[3].ShouldContain("Imported 0 messages");
        parts[3].ShouldContain("workspace.created");
    }

    [Fact]
    public async Task The_readme_names_the_platform_key_and_the_address_of_a_development_server()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(ServerExecutable.RepositoryRoot, "README.md"));

        readme.ShouldContain($"--platform-key {AcmeServer.PlatformKey} ");
        readme.ShouldContain("${AMS_URL:-http://localhost:8787}");
    }
}
