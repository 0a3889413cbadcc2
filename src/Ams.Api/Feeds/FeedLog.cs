namespace Ams.Api.Feeds;

/// <summary>The log messages of the feeds.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(2001, LogLevel.Error, "A send ended with an exception: a bug")]
    public static partial void SendFailed(ILogger log, Exception e);

    [LoggerMessage(2002, LogLevel.Error, "A subscription to {ChannelId} ended with an exception: a bug")]
    public static partial void SubscriptionFailed(ILogger log, string channelId, Exception e);

    [LoggerMessage(2003, LogLevel.Error, "A judgement of a live socket ended with an exception: a bug")]
    public static partial void JudgementFailed(ILogger log, Exception e);

    [LoggerMessage(2004, LogLevel.Information, "Draining: closing {Sockets} sockets over {Period}")]
    public static partial void Draining(ILogger log, int sockets, TimeSpan period);

    [LoggerMessage(2005, LogLevel.Error, "A sweep over the sockets failed: a bug")]
    public static partial void SweepFailed(ILogger log, Exception e);
}
