using System.Diagnostics;
using Ams.TestKit.Processes;

namespace Ams.Api.Tests.Specs;

/// <summary>Public linters over both documents. Their versions are pinned in tests/specs-lint.</summary>
public sealed class LintTests(AmsServer server) : IClassFixture<AmsServer>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Tools = Path.Combine(ServerExecutable.RepositoryRoot, "tests", "specs-lint");

    private readonly TempDirectory _directory = new();

    public async Task InitializeAsync()
    {
        if (!IsInstalled())
            await RunAsync("npm", "ci");
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_OpenAPI_document_passes_Spectral_without_a_warning()
    {
        var file = await SaveAsync("openapi.json", "/openapi/v1.json");
        var spectral = Path.Combine(Tools, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js");

        // The exceptions name the document by its file beside the rules.
        File.Copy(Path.Combine(Tools, "openapi.yaml"), _directory.File("openapi.yaml"));
        await RunAsync("node", spectral, "lint", "--ruleset", _directory.File("openapi.yaml"), "--fail-severity", "warn", file);
    }

    [Fact]
    public async Task The_AsyncAPI_document_passes_AsyncAPIs_own_parser_without_a_warning()
    {
        var file = await SaveAsync("asyncapi.json", "/asyncapi/v1.json");

        await RunAsync("node", Path.Combine(Tools, "asyncapi.mjs"), file);
    }

    /// <summary>npm leaves a copy of the lock file when it is done.</summary>
    private static bool IsInstalled()
    {
        var installed = Path.Combine(Tools, "node_modules", ".package-lock.json");
        return File.Exists(installed)
            && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(Tools, "package-lock.json"));
    }

    private async Task<string> SaveAsync(string name, string path)
    {
        var file = _directory.File(name);
        await File.WriteAllTextAsync(file, await server.Http.GetStringAsync(path));
        return file;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Tools,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"{program}: {string.Join('\n', await output)}");
    }
}
