using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.Simulation;

/// <summary>A reader by the book: it remembers the last number it saw and resumes from there, whatever breaks.</summary>
internal sealed class SimReader
{
    private readonly SimWorld _world;

    public SimReader(SimWorld world, string channel)
    {
        _world = world;
        Channel = channel;
        Done = RunAsync();
    }

    public string Channel { get; }

    public long Seen { get; private set; }

    public Task Done { get; }

    private async Task RunAsync()
    {
        while (true)
        {
            await Task.Yield();
            var node = _world.Node;
            try
            {
                await FollowAsync(node);
            }
            catch (StoreUnavailableException)
            {
                // The socket is closed with 4003, which says: come back.
                _world.History.Outcomes["reader: store unavailable"] =
                    _world.History.Outcomes.GetValueOrDefault("reader: store unavailable") + 1;
            }
        }
    }

    private async Task FollowAsync(SimNode node)
    {
        var acknowledged = _world.History.AcknowledgedHead(Channel);
        var opening = node.System.Feeds.OpenAsync(Channel, Seen, logId: null, CancellationToken.None).AsTask();
        await Task.WhenAny(opening, node.Died.Task);
        if (!opening.IsCompleted)
            return;
        using var feed = (await opening).Value;
        if (feed.HeadAtOpen < acknowledged)
            throw new BrokenPromiseException($"{acknowledged} was acknowledged, then a read saw the head at {feed.HeadAtOpen}.");

        while (!_world.Happens(40))
        {
            var next = feed.NextAsync(_world.Random.Next(1, 2000)).AsTask();
            await Task.WhenAny(next, node.Died.Task);
            if (!next.IsCompleted)
                return;
            var step = await next;
            for (var i = 0; i < step.Events.Count; i++)
                Take(step.Events.FirstSeq + i, step.Events.Body(i));
            if (step.CaughtUp && Seen < feed.HeadAtOpen)
                throw new BrokenPromiseException(
                    $"Told to have caught up at {Seen}, with the head at {feed.HeadAtOpen} when it was opened."
                );
            // A slow reader, at times.
            for (var pause = _world.Happens(10) ? 50 : 0; pause > 0; pause--)
                await Task.Yield();
        }
    }

    private void Take(long seq, ReadOnlyMemory<byte> body)
    {
        if (seq != Seen + 1)
            throw new BrokenPromiseException($"After {Seen} of {Channel} a reader got {seq}.");
        Seen = seq;
        _world.History.Deliveries.Add(new Delivery(Channel, seq, body.ToArray()));
    }
}
