namespace Ams.Client;

/// <summary>What a feed may be told.</summary>
public sealed record FeedOptions
{
    /// <summary>Told each change of the connection, in order; its position and log are null, since each channel has its own. Must be quick and must
    /// not throw.</summary>
    public Action<SubscriptionState>? OnState { get; init; }

    /// <summary>Told what is no event of a log: <c>presence</c>, <c>typing</c>, <c>read</c>, <c>channel</c>, with the frame's bytes, which name the
    /// channel. Must be quick and must not throw.</summary>
    public Action<string, ReadOnlyMemory<byte>>? OnSignal { get; init; }

    /// <summary>The first delay before reconnecting; each further one is twice as long, half of it jittered.</summary>
    public TimeSpan ReconnectDelayMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest delay before reconnecting, unless the server asks for a longer one.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to go on without making a connection before giving up with an <see cref="AmsUnreachableException"/>; null: for ever.</summary>
    public TimeSpan? GiveUpAfter { get; init; }
}
