using Ams.TestKit.Processes;

namespace Ams.Conformance.Serving;

public sealed class StartTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Theory]
    [Promise(
        2,
        "Outside Development the server refuses to start, in one clear line, without a platform key of 16 and a pepper of 32 characters"
    )]
    [Promise(2, "A value that can't be parsed is a start-up error that names the key")]
    [InlineData("AMS_PLATFORM_KEY", null)]
    [InlineData("AMS_PLATFORM_KEY", "fifteen-chars-x")]
    [InlineData("AMS_TOKEN_PEPPER", null)]
    [InlineData("AMS_TOKEN_PEPPER", "thirty-one-characters-of-pepper")]
    [InlineData("AMS_LISTEN", "nonsense")]
    [InlineData("AMS_DATABASE", "nonsense")]
    [InlineData("AMS_RATE_LIMIT", "fast")]
    [InlineData("AMS_RATE_LIMIT", "0/s:0")]
    public async Task A_bad_setting_is_one_line_that_names_it(string key, string? value)
    {
        var exit = await ServerProcess.RunToExitAsync(new ServerSetup { Directory = _directory.Path }.With(key, value));

        exit.ExitCode.ShouldNotBe(0);
        exit.ExitCode.ShouldBeLessThan(128, exit.Output.Text);
        exit.Output.Lines.ShouldHaveSingleItem(exit.Output.Text).ShouldContain(key);
        if (value is not null && key is ("AMS_PLATFORM_KEY" or "AMS_TOKEN_PEPPER"))
            exit.Output.Text.ShouldNotContain(value);
        Directory.EnumerateFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Fact, Promise(2, "A platform key of 16 and a pepper of 32 characters suffice; …_FILE reads a secret from a file")]
    public async Task The_shortest_secrets_from_files_suffice()
    {
        using var secrets = new TempDirectory();
        await File.WriteAllTextAsync(secrets.File("key"), "sixteen-chars-xx\n");
        await File.WriteAllTextAsync(secrets.File("pepper"), "thirty-two-characters-of-pepper!\n");
        var setup = new ServerSetup { Directory = _directory.Path }
            .With("AMS_PLATFORM_KEY", null)
            .With("AMS_TOKEN_PEPPER", null)
            .With("AMS_PLATFORM_KEY_FILE", secrets.File("key"))
            .With("AMS_TOKEN_PEPPER_FILE", secrets.File("pepper"));

        await using var server = await ServerProcess.StartAsync(setup);

        await World.NewAsync(new Target(server.BaseAddress, "sixteen-chars-xx"));
        server.Output.Text.ShouldNotContain("sixteen-chars-xx");
    }

    [Fact, Promise(2, "In Development there are defaults for the secrets, and /metrics answers on the main port")]
    public async Task Development_needs_no_secrets()
    {
        var setup = new ServerSetup { Directory = _directory.Path }
            .With("AMS_PLATFORM_KEY", null)
            .With("AMS_TOKEN_PEPPER", null)
            .With("ASPNETCORE_ENVIRONMENT", "Development");

        await using var server = await ServerProcess.StartAsync(setup);

        await World.NewAsync(new Target(server.BaseAddress, "dev-platform-key-do-not-use-in-prod"));
    }

    [Fact, Promise(2, "The data lies where the server was started")]
    public async Task The_default_database_is_below_the_working_directory()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSetup { Directory = _directory.Path });

        File.Exists(_directory.File("data/ams.db")).ShouldBeTrue();
    }

    [
        Fact,
        Promise(2, "AMS_RATE_LIMIT is per token: rate and burst; beyond it 429 with Retry-After, RateLimit and RateLimit-Policy")
    ]
    public async Task Beyond_the_burst_a_token_is_told_when_to_come_back()
    {
        var setup = new ServerSetup { Directory = _directory.Path }.With("AMS_RATE_LIMIT", "1/s:5");
        await using var server = await ServerProcess.StartAsync(setup);
        var world = await World.NewAsync(Target.Of(server));
        var agent = await world.MemberAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => agent.GetAsync("/v1/me")));

        answers.Count(answer => answer.Status == 200).ShouldBeGreaterThanOrEqualTo(5);
        var refused = answers.First(answer => answer.Status != 200).ShouldBeProblem("rate_limited");
        int.Parse(refused.Header("Retry-After").ShouldNotBeNull()).ShouldBeGreaterThan(0);
        refused.Header("RateLimit").ShouldNotBeNullOrEmpty();
        refused.Header("RateLimit-Policy").ShouldNotBeNullOrEmpty();
        (await world.Owner.GetAsync("/v1/me")).ShouldBe(200);
    }

    public void Dispose() => _directory.Dispose();
}
