using Ams.Api.Configuration;

namespace Ams.Api.Hosting;

/// <summary>The one line that a start leaves.</summary>
internal static partial class Startup
{
    /// <summary>Says where the server listens and where its data is.</summary>
    public static void Tell(WebApplication app, AmsSettings settings)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Startup).FullName!);
        LogStarted(log, string.Join(" ", app.Urls), settings.Database.Described, app.Environment.EnvironmentName);
    }

    [LoggerMessage(1, LogLevel.Information, "AMS listens on {Addresses}; data in {Database}; {Environment}")]
    private static partial void LogStarted(ILogger log, string addresses, string database, string environment);
}
