namespace Ams.Actors;

/// <summary>The engine's settings. Every default holds for one node on a small machine.</summary>
public sealed record AmsActorsOptions
{
    /// <summary>How many shards channels are spread over. Fixed for the life of a database: 1 to 65,536.</summary>
    public int ShardCount { get; init; } = 256;

    /// <summary>How long a channel's actor stays in memory without a command. Its subscribers stay.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often idle actors are looked for.</summary>
    public TimeSpan PassivationSweep { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most commands that wait for one channel; one more is refused as <c>store_unavailable</c>.</summary>
    public int MailboxAsksMax { get; init; } = 10_000;

    /// <summary>Most bytes of content that wait for one channel; a single command over it still goes into an empty mailbox.</summary>
    public long MailboxBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>About how many events one turn commits at most; a single batch may be larger.</summary>
    public int TurnEventsMax { get; init; } = 4096;

    /// <summary>About how many bytes of content one turn commits at most; a single batch may be larger.</summary>
    public long TurnBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most recent events that a channel's actor keeps, to answer repeats and replies from memory.</summary>
    public int RecentEventsMax { get; init; } = 1024;

    /// <summary>Most bytes of recent events that a channel's actor keeps.</summary>
    public int RecentBytesMax { get; init; } = 512 * 1024;

    /// <summary>How often a turn decides again after a conflict, before its callers are told to repeat.</summary>
    public int ConflictRetries { get; init; } = 3;

    /// <summary>Most bytes of a channel's live ring, which its subscribers share. The newest segment is always kept.</summary>
    public int LiveRingBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Most threads that wake the subscribers of one channel at a time.</summary>
    public int SweepWorkersMax { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>How often the heads of waiting channels are compared with the journal, in case a wake-up was lost; a ring that was quiet for so long is dropped.</summary>
    public TimeSpan FeedTick { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOperationException">Names the option that is out of its range.</exception>
    public void Validate()
    {
        Require(ShardCount is >= 1 and <= 65_536, nameof(ShardCount), "between 1 and 65,536");
        Require(PassivateAfter > TimeSpan.Zero, nameof(PassivateAfter), "above zero");
        Require(PassivationSweep > TimeSpan.Zero, nameof(PassivationSweep), "above zero");
        Require(MailboxAsksMax >= 1, nameof(MailboxAsksMax), "at least 1");
        Require(MailboxBytesMax >= 1, nameof(MailboxBytesMax), "at least 1");
        Require(TurnEventsMax >= 1, nameof(TurnEventsMax), "at least 1");
        Require(TurnBytesMax >= 1, nameof(TurnBytesMax), "at least 1");
        Require(RecentEventsMax >= 16, nameof(RecentEventsMax), "at least 16");
        Require(RecentBytesMax >= 1, nameof(RecentBytesMax), "at least 1");
        Require(ConflictRetries >= 0, nameof(ConflictRetries), "0 or more");
        Require(LiveRingBytesMax >= 1, nameof(LiveRingBytesMax), "at least 1");
        Require(SweepWorkersMax >= 1, nameof(SweepWorkersMax), "at least 1");
        Require(FeedTick > TimeSpan.Zero, nameof(FeedTick), "above zero");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
            throw new InvalidOperationException($"The option {option} must be {range}.");
    }
}
