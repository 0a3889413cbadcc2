using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;
using Ams.ControlPlane.Storage;
using Ams.ControlPlane.Tokens;
using Ams.ControlPlane.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Ams.ControlPlane;

/// <summary>Adds the control plane to a host.</summary>
public static class ControlPlaneServices
{
    /// <summary>Adds workspaces, principals, tokens, channels, audit and authentication. The engine must be added too: it brings the database, into
    /// whose schema the control plane's steps are contributed, the clock and the ids.</summary>
    /// <exception cref="ArgumentException">There is no pepper, or an empty one.</exception>
    public static IServiceCollection AddAmsControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddAmsControlPlaneSchema();
        var hasher = new TokenHasher(options.TokenPeppers);
        return services
            .AddSingleton(options)
            .AddSingleton(hasher)
            .AddSingleton<TokenMint>()
            .AddSingleton<AccessChanges>()
            .AddSingleton<IAccessChanges>(provider => provider.GetRequiredService<AccessChanges>())
            .AddSingleton<ControlPlaneStore>()
            .AddSingleton<IAuthenticator, Authenticator>()
            .AddSingleton<ChannelDirectory>()
            .AddSingleton<IWorkspaces, WorkspaceService>()
            .AddSingleton<IPrincipals, PrincipalService>()
            .AddSingleton<ITokens, TokenService>()
            .AddSingleton<IChannels, ChannelService>()
            .AddSingleton<IAuditLog, AuditLog>();
    }

    /// <summary>Registers what the control plane keeps in the store, and nothing that uses it: for those who open a store without serving from it.</summary>
    public static IServiceCollection AddAmsControlPlaneSchema(this IServiceCollection services)
    {
        foreach (var migration in ControlPlaneMigrations.All)
            services.AddSingleton(migration);
        return services;
    }
}
