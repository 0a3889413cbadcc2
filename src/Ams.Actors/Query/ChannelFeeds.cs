using Ams.Actors.Runtime;
using Ams.Contracts;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Query;

/// <summary>Opens subscriptions, and now and then compares the channels whose subscribers wait with the journal, in case a wake-up was lost.</summary>
internal sealed class ChannelFeeds(LiveFeed liveFeed, IReadJournal journal, ILogger log) : IChannelFeeds
{
    private const int HeadsPerRead = 500;

    private int _ticking;

    /// <inheritdoc />
    public async ValueTask<Outcome<IChannelFeed>> OpenAsync(string channelId, long? after, string? logId, CancellationToken ct)
    {
        // Subscribed before the head is read: what is committed after that read is published to a subscription that exists.
        var live = liveFeed.Subscribe(channelId);
        ChannelFeed? feed = null;
        try
        {
            var head = await journal.HeadAsync(channelId, ct);
            if (Judge(head, after, logId) is { } refusal)
                return refusal;
            feed = new ChannelFeed(liveFeed, live, journal, head, after ?? head.Head);
            return feed;
        }
        finally
        {
            if (feed is null)
                liveFeed.Unsubscribe(live);
        }
    }

    /// <summary>Reads the heads of all channels with waiting subscribers, and drops rings that have gone quiet.</summary>
    public async Task TickAsync()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
            return;
        try
        {
            var waiting = new List<LiveChannel>();
            foreach (var channel in liveFeed.Channels)
            {
                channel.DropIfQuiet();
                if (channel.HasWaiters)
                    waiting.Add(channel);
            }
            foreach (var some in waiting.Chunk(HeadsPerRead))
            {
                var heads = await journal.HeadsAsync(
                    Array.ConvertAll(some, channel => channel.ChannelId),
                    CancellationToken.None
                );
                for (var i = 0; i < some.Length; i++)
                    some[i].Advance(heads[i].Head);
            }
        }
        catch (Exception exception)
        {
            EngineLog.TickFailed(log, exception);
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private static Refusal? Judge(LogHead head, long? after, string? logId)
    {
        if (logId is not null && !string.Equals(logId, head.LogId, StringComparison.Ordinal))
            return InvalidCursor(head, "The position is of another incarnation of this log; read it again from the start.");
        if (after is not { } seq)
            return null;
        if (seq < 0)
            return InvalidCursor(head, "A position is 0 or the channel_seq of an event; begin at one of these.");
        if (seq > head.Head)
            return InvalidCursor(
                head,
                "The position is beyond the head, so it is of another log; read this one again from the start."
            );
        if (seq + 1 < head.FirstAvailable)
        {
            return new Refusal(
                ErrorCodes.LogTruncated,
                "What follows the position was removed by retention; begin at first_available_seq."
            )
            {
                FirstAvailableSeq = head.FirstAvailable,
            };
        }
        return null;
    }

    private static Refusal InvalidCursor(LogHead head, string detail) =>
        new(ErrorCodes.InvalidCursor, detail) { HeadSeq = head.Head, LogId = head.LogId };
}
