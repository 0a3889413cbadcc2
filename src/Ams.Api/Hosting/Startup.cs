using Ams.Api.Configuration;

namespace Ams.Api.Hosting;

/// <summary>The one line that a start leaves.</summary>
internal static partial class Startup
{
    /// <summary>Says where the server listens and where its data is.</summary>
    public static void Tell(WebApplication app, AmsSettings settings)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Startup).FullName!);
        var main = string.Join(" ", app.Urls.Take(settings.Listen.Count));
        LogStarted(log, main, settings.Database.Described, app.Environment.EnvironmentName);
        if (settings.Operator.Listen.Count > 0)
            LogOperator(log, string.Join(" ", app.Urls.Skip(settings.Listen.Count)));
    }

    [LoggerMessage(1, LogLevel.Information, "AMS listens on {Addresses}; data in {Database}; {Environment}")]
    private static partial void LogStarted(ILogger log, string addresses, string database, string environment);

    [LoggerMessage(2, LogLevel.Information, "the operator's port is {Addresses}: /metrics and health")]
    private static partial void LogOperator(ILogger log, string addresses);
}
