using Ams.Cli.Tests.RealServer;
using Ams.TestKit.Processes;

namespace Ams.Cli.Tests;

/// <summary>When the launcher builds and what it runs, in a small copy of the tree and with a compiler that only takes notes.</summary>
public sealed class LauncherTests : IAsyncLifetime
{
    private const string Compiler = """
        #!/bin/sh
        root=$(dirname "$0")
        if [ "$1" = publish ]; then
          while [ "$1" != -o ]; do shift; done
          echo built >>"$root/builds"
          if [ -e "$root/broken" ]; then echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; fi
          mkdir -p "$2" && echo whole >"$2/ams.dll"
        else
          cat "$1"
          shift
          printf '<%s>' "$@"
        fi
        """;

    private readonly TempDirectory _tree = new();

    private int Builds => File.Exists(_tree.File("builds")) ? File.ReadAllLines(_tree.File("builds")).Length : 0;

    private string Source => _tree.File("clients/Ams.Cli/Program.cs");

    public async Task InitializeAsync()
    {
        foreach (var folder in new[] { "clients/Ams.Cli/obj", "clients/Ams.Client", "src/Ams.Contracts" })
        {
            Directory.CreateDirectory(_tree.File(folder));
        }

        foreach (var file in new[] { Source, _tree.File("Directory.Build.props"), _tree.File("Directory.Packages.props") })
        {
            await File.WriteAllTextAsync(file, "");
        }

        await File.WriteAllTextAsync(_tree.File("global.json"), "");
        await File.WriteAllTextAsync(_tree.File("dotnet"), Compiler.ReplaceLineEndings("\n") + "\n");
        File.Copy(Path.Combine(ServerExecutable.RepositoryRoot, "ams"), _tree.File("ams"));
        using var shell = Shell.Start(_tree.Path, "chmod", ["+x", "dotnet", "ams"]);
        (await shell.EndAsync()).ExitCode.ShouldBe(0);
    }

    public Task DisposeAsync()
    {
        _tree.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_builds_once_quietly_and_hands_the_arguments_on_as_they_are()
    {
        var first = await RunAsync("send", "--text", "two words", "");
        var second = await RunAsync("whoami");

        first.ShouldBe(new Ended(0, "whole\n<send><--text><two words><>", ""));
        second.ShouldBe(new Ended(0, "whole\n<whoami>", ""));
        Builds.ShouldBe(1);
    }

    [Fact]
    public async Task It_builds_again_after_a_change_of_the_sources_but_not_of_what_a_build_leaves_behind()
    {
        await RunAsync("whoami");

        await File.WriteAllTextAsync(_tree.File("clients/Ams.Cli/obj/left.txt"), "");
        await RunAsync("whoami");
        Builds.ShouldBe(1);

        await File.WriteAllTextAsync(Source, "changed");
        await RunAsync("whoami");
        await RunAsync("whoami");
        Builds.ShouldBe(2);
    }

    [Fact]
    public async Task Two_at_once_both_run_a_whole_build()
    {
        var both = await Task.WhenAll(RunAsync("a"), RunAsync("b"));

        both.Select(ended => ended.Output).ShouldBe(["whole\n<a>", "whole\n<b>"]);
        var builds = Builds;
        (await RunAsync("c")).ExitCode.ShouldBe(0);
        Builds.ShouldBe(builds);
    }

    [Fact]
    public async Task A_build_that_fails_says_why_and_the_next_run_tries_again()
    {
        await File.WriteAllTextAsync(_tree.File("broken"), "");

        var failed = await RunAsync("whoami");
        File.Delete(_tree.File("broken"));
        var mended = await RunAsync("whoami");

        failed.ShouldBe(new Ended(1, "", "ams: the build failed:\nProgram.cs(1,1): error CS1002: ; expected\n"));
        mended.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task It_may_be_called_through_a_link_from_anywhere()
    {
        using var elsewhere = new TempDirectory();
        File.CreateSymbolicLink(elsewhere.File("ams"), _tree.File("ams"));

        using var ams = Shell.Start(elsewhere.Path, elsewhere.File("ams"), ["whoami"], CompilerFirst);

        (await ams.EndAsync()).Output.ShouldBe("whole\n<whoami>");
    }

    private (string, string) CompilerFirst => ("PATH", $"{_tree.Path}:{Environment.GetEnvironmentVariable("PATH")}");

    private async Task<Ended> RunAsync(params string[] args)
    {
        using var ams = Shell.Start(_tree.Path, _tree.File("ams"), args, CompilerFirst);
        return await ams.EndAsync();
    }
}
