using Ams.Actors;
using Ams.Actors.Storage;
using Ams.Api.Audit;
using Ams.Api.Auth;
using Ams.Api.Channels;
using Ams.Api.Configuration;
using Ams.Api.Errors;
using Ams.Api.Feeds;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Hosting;
using Ams.Api.Http;
using Ams.Api.Members;
using Ams.Api.Messages;
using Ams.Api.RateLimits;
using Ams.Api.Specs;
using Ams.Api.Telemetry;
using Ams.Api.Tokens;
using Ams.Api.Workspaces;
using Ams.ControlPlane;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace Ams.Api;

/// <summary>The server, put together: what it is made of, what a call passes through, what there is to call.</summary>
internal static class AmsApp
{
    /// <summary>Builds it, opens its store and starts its engine; what is left is to listen.</summary>
    /// <param name="adjust">For tests: has the last word on the services.</param>
    /// <exception cref="DatabaseUnusableException">The database can't be used; its message is one line that says why.</exception>
    public static async Task<WebApplication> OpenAsync(AmsSettings settings, Action<IServiceCollection>? adjust = null)
    {
        // Empty: no appsettings.json of whatever directory the server was started in has a say.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = settings.IsDevelopment ? Environments.Development : Environments.Production,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => KestrelSetup.Apply(kestrel, settings));
        AddLogging(builder.Logging, settings);
        AddServices(builder.Services, settings);
        adjust?.Invoke(builder.Services);
        var app = builder.Build();
        try
        {
            // First, so that nothing of the start goes uncounted.
            app.Services.GetRequiredService<MetricsRegistry>();
            app.Services.GetRequiredService<OtlpExport>();
            await app.Services.GetRequiredService<Node>().StartAsync(CancellationToken.None);
            UsePipeline(app);
            MapRoutes(app);
            NeedCheck.Run(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static void AddServices(IServiceCollection services, AmsSettings settings)
    {
        services.AddRoutingCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(new Redaction(settings.Secrets));
        services.AddSingleton<NodeState>();
        services.AddSingleton<Node>();
        services.AddSingleton<MetricsRegistry>();
        services.AddSingleton<OtlpExport>();
        services.AddSingleton(provider => new RateLimiter(settings.RateLimit, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AccessWatch>();
        services.AddSingleton<ChannelViews>();
        services.AddAmsStore(settings.Database.Store);
        services.AddAmsActors(new AmsActorsOptions());
        services.AddAmsControlPlane(
            new ControlPlaneOptions { PlatformKey = settings.PlatformKey, TokenPeppers = settings.TokenPeppers }
        );
        services.AddSockets(
            new SocketSettings
            {
                Heartbeat = settings.Heartbeat,
                Origins = [.. settings.AllowedOrigins],
                DrainPeriod = settings.Shutdown.Drain / 4,
            }
        );
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Shutdown.Drain);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
    }

    private static void AddLogging(ILoggingBuilder logging, AmsSettings settings)
    {
        logging.AddConsole(console => console.FormatterName = LogLineFormatter.FormatterName);
        logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
        logging.SetMinimumLevel(settings.Log.Level);
        logging.AddFilter("Ams.Api.Hosting", LogLevel.Information);
        // The framework tells of every request at Information, and of much that is a client's fault at Warning.
        logging.AddFilter("Microsoft", settings.Log.Level < LogLevel.Information ? settings.Log.Level : LogLevel.Warning);
        // At start Kestrel warns that there is no HTTP/2 without TLS; here there is (PriorKnowledge). What its parts say is heard as before.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.", LogLevel.Warning);
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<RequestLogMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseRouting();
        app.UseMiddleware<DoorMiddleware>();
        app.UseMiddleware<TraceMiddleware>();
        app.UseMiddleware<AdmissionMiddleware>();
    }

    private static void MapRoutes(IEndpointRouteBuilder routes)
    {
        StatusPage.Map(routes);
        HealthRoutes.Map(routes);
        MetricsRoutes.Map(routes);
        WorkspaceRoutes.Map(routes);
        MeRoutes.Map(routes);
        MemberRoutes.Map(routes);
        TokenRoutes.Map(routes);
        ChannelRoutes.Map(routes);
        ChannelMemberRoutes.Map(routes);
        PostRoutes.Map(routes);
        MessageRoutes.Map(routes);
        ChangeRoutes.Map(routes);
        EventRoutes.Map(routes);
        SocketRoutes.Map(routes);
        AuditRoutes.Map(routes);
        SpecRoutes.Map(routes);
    }
}
