using Ams.TestKit.Processes;

namespace Ams.Cli.Tests.RealServer;

public sealed class ClientExampleTests(AcmeServer server) : IClassFixture<AcmeServer>, IDisposable
{
    private const string Page = "docs/clients.md";

    private const string TypeScriptMain = """
        import { follow, post } from "./example.mjs";
        const [base, token, channel] = process.argv.slice(2);
        await post(base, token, channel, "first", "key-1");
        await post(base, token, channel, "first", "key-1");
        const end = follow(base, token, channel, 0, (e) => {
          console.log(`${e.channel_seq} ${e.text}`);
          if (e.channel_seq === 2) process.exit(0);
        });
        await end;
        """;

    private const string PythonMain = """
        import sys
        from example import follow, post
        base, token, channel = sys.argv[1:]
        post(base, token, channel, "first", "key-1")
        post(base, token, channel, "first", "key-1")
        for event in follow(base, token, channel):
            print(event["channel_seq"], event["text"], flush=True)
            if event["channel_seq"] == 2:
                break
        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ts")]
    [InlineData("python")]
    [InlineData("swift")]
    public void An_example_has_under_40_lines(string language) =>
        Document.Blocks(Page, language).ShouldHaveSingleItem().Count(c => c == '\n').ShouldBeLessThan(40);

    [Fact]
    public async Task The_typescript_example_posts_once_and_resumes_after_kill_9()
    {
        await TranslateAsync(Document.Blocks(Page, "ts")[0]);
        await File.WriteAllTextAsync(_directory.File("main.mjs"), TypeScriptMain);

        await ResumesAsync("node", "--experimental-websocket", "main.mjs");
    }

    [Fact]
    public async Task The_typescript_example_stops_when_the_close_code_says_so()
    {
        await TranslateAsync(Document.Blocks(Page, "ts")[0]);
        await File.WriteAllTextAsync(_directory.File("main.mjs"), TypeScriptMain.Replace("await post", "//"));
        var (token, channel) = await server.NewChannelAsync();

        using var node = Shell.Start(
            _directory.Path,
            "node",
            ["--experimental-websocket", "main.mjs", server.Url, token, channel + "x"]
        );
        var ended = await node.EndAsync();

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("Error: 4504 ");
    }

    [Fact]
    public async Task The_python_example_posts_once_and_resumes_after_kill_9()
    {
        await File.WriteAllTextAsync(_directory.File("example.py"), Document.Blocks(Page, "python")[0]);
        await File.WriteAllTextAsync(_directory.File("main.py"), PythonMain);

        await ResumesAsync("python3", "main.py");
    }

    private async Task ResumesAsync(string program, params string[] args)
    {
        var (token, channel) = await server.NewChannelAsync();
        using var example = Shell.Start(_directory.Path, program, [.. args, server.Url, token, channel]);

        (await example.ReadLineAsync()).ShouldBe("1 first");
        await server.RestartAsync();
        using var client = new Client.AmsClient(server.Url, token);
        await client.Messages.PostAsync(channel, new Client.NewMessage { Text = "second" });

        (await example.ReadLineAsync()).ShouldBe("2 second");
        (await example.EndAsync()).ShouldBe(new Ended(0, "", ""));
    }

    /// <summary>TypeScript becomes JavaScript by esbuild, from the lock file beside this test.</summary>
    private async Task TranslateAsync(string typeScript)
    {
        var tools = Path.Combine(ServerExecutable.RepositoryRoot, "tests", "Ams.Cli.Tests", "RealServer", "node");
        var esbuild = Path.Combine(tools, "node_modules", ".bin", "esbuild");
        if (!File.Exists(esbuild))
        {
            using var install = Shell.Start(tools, "npm", ["ci", "--no-update-notifier"]);
            var installed = await install.EndAsync();
            installed.ExitCode.ShouldBe(0, installed.Output + installed.Error);
        }

        await File.WriteAllTextAsync(_directory.File("example.ts"), typeScript);
        using var translate = Shell.Start(_directory.Path, esbuild, ["example.ts", "--outfile=example.mjs"]);
        var ended = await translate.EndAsync();
        ended.ExitCode.ShouldBe(0, ended.Error);
    }
}
