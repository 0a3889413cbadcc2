using Ams.Actors;
using Ams.Actors.Channels;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Ams.TestKit;

/// <summary>An engine over a journal in memory, with a clock that the test moves and ids that a seed replays.</summary>
public sealed class Engine : IAsyncDisposable
{
    /// <summary>Starts an engine. Over the same <paramref name="store"/> it finds what an earlier one left.</summary>
    public Engine(InMemoryJournal? store = null, AmsActorsOptions? options = null, IIdGenerator? ids = null)
    {
        Store = store ?? new InMemoryJournal();
        Journal = new FaultyJournal(Store);
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, 123, TimeSpan.Zero));
        System = new ActorSystem(
            options ?? new AmsActorsOptions(),
            Journal,
            Store,
            ids ?? new SeededIdGenerator(1, Time),
            Time,
            NullLogger<ActorSystem>.Instance
        );
        _ = System.StartAsync(CancellationToken.None);
    }

    /// <summary>What a database would hold.</summary>
    public InMemoryJournal Store { get; }

    /// <summary>What stands in front of it.</summary>
    public FaultyJournal Journal { get; }

    /// <summary>The clock.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>The engine.</summary>
    public ActorSystem System { get; }

    /// <summary>Asks and waits for the reply.</summary>
    public async Task<ChannelReply> AskAsync(ChannelCommand command) =>
        await System.Region.AskAsync(command, CancellationToken.None);

    /// <summary>Asks for what is expected to be committed.</summary>
    public async Task<Committed> CommitAsync(ChannelCommand command) =>
        await AskAsync(command) switch
        {
            Committed committed => committed,
            Refused refused => throw new InvalidOperationException($"Refused: {refused.Refusal.Code}: {refused.Refusal.Detail}"),
            var other => throw new InvalidOperationException($"Not committed: {other}"),
        };

    /// <summary>Asks for what is expected to be refused, and gives the code.</summary>
    public async Task<string> RefusalAsync(ChannelCommand command) =>
        await AskAsync(command) is Refused refused
            ? refused.Refusal.Code.Code
            : throw new InvalidOperationException("It was not refused.");

    /// <summary>Opens a feed.</summary>
    public async Task<IChannelFeed> FeedAsync(string channel, long? after) =>
        (await System.Feeds.OpenAsync(channel, after, logId: null, CancellationToken.None)).Value;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => System.DisposeAsync();
}
