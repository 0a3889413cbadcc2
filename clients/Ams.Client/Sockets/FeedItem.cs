namespace Ams.Client;

/// <summary>What comes from an <see cref="AmsFeed"/>: one of <see cref="Logged"/>, <see cref="CaughtUp"/>, <see cref="Ended"/>.</summary>
/// <param name="ChannelId">Whose it is.</param>
public abstract record FeedItem(string ChannelId)
{
    /// <summary>The next event of a channel's log: of each channel every one once, ascending, without a gap.</summary>
    public sealed record Logged(AmsEvent Event) : FeedItem(Event.ChannelId);

    /// <summary>Everything up to the head was given; from here on it is live. Comes after every connection.</summary>
    /// <param name="ChannelId">Whose it is.</param>
    /// <param name="ChannelSeq">The last event that was given, or where the subscription began.</param>
    /// <param name="LogId">The log's incarnation, to remember beside the position.</param>
    public sealed record CaughtUp(string ChannelId, long ChannelSeq, string LogId) : FeedItem(ChannelId);

    /// <summary>The channel is not followed any more: the server refused it for good, or took the access away. The others go on.</summary>
    /// <param name="ChannelId">Whose it is.</param>
    /// <param name="Why">For example <c>not_found</c> or <c>invalid_cursor</c>.</param>
    public sealed record Ended(string ChannelId, AmsException Why) : FeedItem(ChannelId);
}
