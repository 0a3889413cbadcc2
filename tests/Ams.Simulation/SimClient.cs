using Ams.Actors.Channels;
using Ams.Contracts;
using Ams.TestKit;
using static Ams.TestKit.Commands;

namespace Ams.Simulation;

/// <summary>A client by the book: it repeats with the same key until it gets an answer that is not retryable, and now and then repeats something old.</summary>
internal sealed class SimClient
{
    private const int Requests = 12;

    private readonly SimWorld _world;
    private readonly Author _author;
    private readonly List<ChannelCommand> _sent = [];

    public SimClient(SimWorld world, int number)
    {
        _world = world;
        _author = new Author($"prn_{number}", $"Client {number}", PrincipalKind.Agent) { MayModerate = number == 0 };
        Done = RunAsync();
    }

    public Task Done { get; }

    private Random Random => _world.Random;

    private async Task RunAsync()
    {
        await Task.Yield();
        var running = new List<Task>();
        for (var i = 0; i < Requests; i++)
        {
            var old = _sent.Count > 0 && Random.Next(6) == 0;
            var command = old ? _sent[Random.Next(_sent.Count)] : Make($"k{i}");
            if (!old)
                _sent.Add(command);
            var request = RequestAsync(command);
            // Some are pipelined, most wait for their answer.
            if (Random.Next(4) == 0)
                running.Add(request);
            else
                await request;
        }
        foreach (var request in running)
            await request;
    }

    private ChannelCommand Make(string key)
    {
        var channel = _world.Channels[Random.Next(_world.Channels.Count)];
        var seq = Random.Next(1, (int)_world.Head(channel) + 3);
        return Random.Next(10) switch
        {
            0 => Batch(
                channel,
                _author,
                [.. Enumerable.Range(0, Random.Next(1, 4)).Select(i => Draft($"{key}.{i}", $"{key}.{i}"))]
            ),
            1 => Edit(channel, seq, $"edited by {key}", _author, key),
            2 => Delete(channel, seq, _author, key),
            3 => React(channel, seq, "+1", _author, remove: false, key),
            4 => React(channel, seq, "+1", _author, remove: true, key),
            5 or 6 => Post(channel, key, $"reply {key}", _author, replyTo: seq),
            _ => Post(channel, key, $"text {key}", _author, payload: """{"n":1.0}"""),
        };
    }

    private async Task RequestAsync(ChannelCommand command)
    {
        var begun = _world.Scheduler.Steps;
        while (true)
        {
            var node = _world.Node;
            var ask = node.System.Region.AskAsync(command, CancellationToken.None).AsTask();
            await Task.WhenAny(ask, node.Died.Task);
            if (ask.IsCompleted)
            {
                var reply = await ask;
                if (reply is not Refused { Refusal.Code.Retryable: true })
                {
                    _world.History.Count(command, reply);
                    Record(command, reply, begun);
                    return;
                }
            }
            await Task.Yield();
        }
    }

    private void Record(ChannelCommand command, ChannelReply reply, int begun)
    {
        switch (command, reply)
        {
            case (PostMessage post, Committed committed):
                Record(command.ChannelId, post.Draft.Key.Value, committed, isMessage: true, begun);
                break;
            case (PostBatch batch, BatchCommitted all):
                foreach (var (draft, item) in batch.Drafts.Zip(all.Items))
                    Record(command.ChannelId, draft.Key.Value, item, isMessage: true, begun);
                break;
            case (EditMessage { Key: { } key }, Committed committed):
                Record(command.ChannelId, key.Value, committed, isMessage: false, begun);
                break;
            case (DeleteMessage { Key: { } key }, Committed committed):
                Record(command.ChannelId, key.Value, committed, isMessage: false, begun);
                break;
            case (React { Key: { } key }, Committed committed):
                Record(command.ChannelId, key.Value, committed, isMessage: false, begun);
                break;
        }
    }

    private void Record(string channel, string key, Committed committed, bool isMessage, int begun) =>
        _world.History.Acknowledged(
            new Ack(
                channel,
                _author.Id,
                key,
                committed.ChannelSeq,
                committed.Body.ToArray(),
                isMessage,
                begun,
                _world.Scheduler.Steps
            )
        );
}
