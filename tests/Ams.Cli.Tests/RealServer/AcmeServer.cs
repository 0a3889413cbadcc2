using Ams.Client;
using Ams.TestKit.Processes;

namespace Ams.Cli.Tests.RealServer;

/// <summary>The real server in Development, as a newcomer starts it, on ports of its own; it can be killed and started again on the same data.</summary>
public sealed class AcmeServer : IAsyncLifetime
{
    public const string PlatformKey = "dev-platform-key-do-not-use-in-prod";

    private readonly TempDirectory _directory = new();
    private ServerProcess _server = null!;

    public string Url => _server.BaseAddress.ToString().TrimEnd('/');

    public async Task InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            new ServerSetup { Directory = _directory.Path }
                .With("ASPNETCORE_ENVIRONMENT", "Development")
                .With("AMS_PLATFORM_KEY", null)
                .With("AMS_TOKEN_PEPPER", null)
        );

    /// <summary>kill -9, and a new start on the same port.</summary>
    public async Task RestartAsync()
    {
        var setup = _server.Setup;
        await _server.KillAsync();
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(setup);
    }

    /// <summary>A workspace's owner and a channel of it.</summary>
    public async Task<(string Token, string ChannelId)> NewChannelAsync()
    {
        using var platform = new AmsClient(new AmsClientOptions { BaseUrl = new Uri(Url), PlatformKey = PlatformKey });
        var made = await platform.Workspaces.CreateAsync("Acme", $"acme-{Guid.NewGuid():n}"[..20]);
        using var owner = new AmsClient(Url, made.OwnerToken);
        return (made.OwnerToken, (await owner.Channels.CreateAsync(new NewChannel("builds"))).Id);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}
