namespace Ams.Client;

/// <summary>What a subscription may know and be told.</summary>
public sealed record SubscribeOptions
{
    /// <summary>The log that <c>after</c> was read from; another one is refused with <c>invalid_cursor</c>. Null: whatever log there is.</summary>
    public string? LogId { get; init; }

    /// <summary>Told each change of state, in order, before the next event. Must be quick and must not throw.</summary>
    public Action<SubscriptionState>? OnState { get; init; }

    /// <summary>Told what is no event of the log: <c>presence</c>, <c>typing</c>, <c>read</c>, <c>channel</c>, with the frame's bytes. Must be quick
    /// and must not throw.</summary>
    public Action<string, ReadOnlyMemory<byte>>? OnSignal { get; init; }

    /// <summary>The first delay before reconnecting; each further one is twice as long, half of it jittered.</summary>
    public TimeSpan ReconnectDelayMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest delay before reconnecting, unless the server asks for a longer one.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to go on without making a connection before giving up with an <see cref="AmsUnreachableException"/>; null: for ever.</summary>
    public TimeSpan? GiveUpAfter { get; init; }
}

/// <summary>Where a subscription stands.</summary>
public enum SubscriptionPhase
{
    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected; what was missed is being replayed.</summary>
    CatchingUp,

    /// <summary>Everything up to the head has been given; events come as they are committed.</summary>
    Live,

    /// <summary>The connection ended; another is made after <see cref="SubscriptionState.Delay"/>.</summary>
    Reconnecting,
}

/// <summary>A change of a subscription's state.</summary>
/// <param name="Phase">Where it stands now.</param>
/// <param name="ChannelSeq">The last event given, or where the subscription began; null before the first connection of one from the head on.</param>
/// <param name="LogId">The log's incarnation; null before the first connection.</param>
/// <param name="Delay">Before the next attempt, when reconnecting.</param>
/// <param name="Reason">Why the connection ended, when reconnecting.</param>
public sealed record SubscriptionState(
    SubscriptionPhase Phase,
    long? ChannelSeq,
    string? LogId,
    TimeSpan? Delay = null,
    string? Reason = null
);
