using Ams.TestKit.Processes;

namespace Ams.Client.Tests.RealServer;

/// <summary>The real server with a workspace of its own, which can be killed and started again on the same port and data.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private ServerProcess _server = null!;

    public string Url => _server.BaseAddress.ToString();

    public AmsClient Owner { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(new ServerSetup { Directory = _directory.Path });
        using var platform = new AmsClient(
            new AmsClientOptions { BaseUrl = _server.BaseAddress, PlatformKey = ServerSetup.PlatformKey }
        );
        var made = await platform.Workspaces.CreateAsync("Acme", "acme");
        Owner = new AmsClient(Url, made.OwnerToken);
    }

    public Task KillAsync() => _server.KillAsync();

    public async Task StartAgainAsync()
    {
        var setup = _server.Setup;
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(setup);
    }

    public async Task DisposeAsync()
    {
        Owner.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}
