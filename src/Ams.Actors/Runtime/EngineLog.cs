using Ams.Actors.Persistence;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Runtime;

/// <summary>Every message the engine logs. None holds content, and none is written per event.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(
        1001,
        LogLevel.Error,
        "Channel {ChannelId}: a turn failed with a bug; its asks are told to repeat, and the channel recovers."
    )]
    public static partial void TurnFailed(ILogger log, string channelId, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "Channel {ChannelId}: no rule could judge a {Command}; its neighbours go on.")]
    public static partial void CommandFailed(ILogger log, string channelId, string command, Exception exception);

    [LoggerMessage(
        1003,
        LogLevel.Warning,
        "Channel {ChannelId}: the append ended as {Status}; the channel recovers before it decides again."
    )]
    public static partial void AppendEnded(ILogger log, string channelId, AppendStatus status);

    [LoggerMessage(1004, LogLevel.Warning, "Channel {ChannelId}: the store does not answer; the asks are told to repeat.")]
    public static partial void StoreUnavailable(ILogger log, string channelId, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The heads of waiting channels could not be checked; the next tick tries again.")]
    public static partial void TickFailed(ILogger log, Exception exception);

    [LoggerMessage(1006, LogLevel.Debug, "Passivated {Count} idle channels.")]
    public static partial void Passivated(ILogger log, int count);
}
