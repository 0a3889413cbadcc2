using Ams.Actors.Runtime;
using Ams.Actors.Storage;
using Ams.Contracts;
using Ams.ControlPlane;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Tokens;
using Ams.ControlPlane.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Ams.TestKit.ControlPlane;

/// <summary>The control plane of one node over a test's database, put together as a host does it. Two of them over one database are two nodes, or
/// one before and after a restart.</summary>
public sealed class ControlPlaneHost : IAsyncDisposable
{
    /// <summary>The platform key of every test.</summary>
    public const string PlatformKey = "the-platform-key-of-the-tests";

    private readonly ServiceProvider _services;

    /// <param name="peppers">The present one first; none: one of the tests.</param>
    public ControlPlaneHost(TestDatabase database, FakeTimeProvider time, params string[] peppers)
    {
        Time = time;
        _services = new ServiceCollection()
            .AddSingleton(database.Database)
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IIdGenerator, UlidIdGenerator>()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddAmsControlPlane(
                new ControlPlaneOptions
                {
                    TokenPeppers = peppers is [] ? ["the-pepper-of-the-tests-which-is-long"] : peppers,
                    PlatformKey = PlatformKey,
                }
            )
            .BuildServiceProvider();
    }

    /// <summary>The clock, which a test moves by hand.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>See <see cref="IWorkspaces"/>.</summary>
    public IWorkspaces Workspaces => _services.GetRequiredService<IWorkspaces>();

    /// <summary>See <see cref="IPrincipals"/>.</summary>
    public IPrincipals Principals => _services.GetRequiredService<IPrincipals>();

    /// <summary>See <see cref="ITokens"/>.</summary>
    public ITokens Tokens => _services.GetRequiredService<ITokens>();

    /// <summary>See <see cref="IChannels"/>.</summary>
    public IChannels Channels => _services.GetRequiredService<IChannels>();

    /// <summary>See <see cref="IAuditLog"/>.</summary>
    public IAuditLog Audit => _services.GetRequiredService<IAuditLog>();

    /// <summary>See <see cref="IAuthenticator"/>.</summary>
    public IAuthenticator Authenticator => _services.GetRequiredService<IAuthenticator>();

    /// <summary>See <see cref="IAccessChanges"/>.</summary>
    public IAccessChanges AccessChanges => _services.GetRequiredService<IAccessChanges>();

    /// <summary>Authenticates a secret that must be good.</summary>
    public async Task<Caller> CallerAsync(string secret)
    {
        var outcome = await Authenticator.AuthenticateAsync(secret, CancellationToken.None);
        return outcome.Value with { RequestId = "req-1" };
    }

    /// <summary>Makes a workspace; its first owner.</summary>
    public async Task<Caller> FoundAsync(string slug)
    {
        var created = await Workspaces.CreateAsync($"Workspace {slug}", slug, requestId: null, CancellationToken.None);
        return await CallerAsync(created.Value.OwnerToken);
    }

    /// <summary>Adds a member, a millisecond after what was before, so that ids sort.</summary>
    public async Task<(Caller Caller, string Secret)> AddAsync(Caller by, string name, Role role)
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var created = await Principals.CreateAsync(by, new(name, PrincipalKind.Agent, role, null, null), CancellationToken.None);
        var secret = created.Value.Token.Secret!;
        return (await CallerAsync(secret), secret);
    }

    /// <summary>Makes a channel, a millisecond after what was before.</summary>
    public async Task<ChannelRecord> AddChannelAsync(
        Caller by,
        string name,
        ChannelVisibility visibility = ChannelVisibility.Workspace,
        params string[] members
    )
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        return (await Channels.CreateAsync(by, new(name, null, visibility, members, null), CancellationToken.None)).Value;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
