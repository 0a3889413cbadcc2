using Ams.Actors.Channels;
using Ams.Actors.Persistence;

namespace Ams.Simulation;

/// <summary>An acknowledgement as a client got it: of which request, begun and answered at which step.</summary>
internal sealed record Ack(
    string Channel,
    string Principal,
    string Key,
    long Seq,
    byte[] Body,
    bool IsMessage,
    int Begun,
    int Answered
);

/// <summary>An event as a reader got it.</summary>
internal sealed record Delivery(string Channel, long Seq, byte[] Body);

/// <summary>What everybody outside the engine saw.</summary>
internal sealed class History
{
    private readonly Dictionary<(string, long), byte[]> _originals = [];
    private readonly Dictionary<string, long> _acknowledgedHead = [];

    public List<Ack> Acks { get; } = [];

    public List<Delivery> Deliveries { get; } = [];

    public int Crashes { get; set; }

    /// <summary>Posts, edits, deletions and reactions by what came of them.</summary>
    public Dictionary<string, int> Outcomes { get; } = [];

    public void Committed(AppendBatch batch)
    {
        foreach (var e in batch.Events)
            _originals[(batch.PersistenceId, e.SequenceNr)] = e.Body.ToArray();
    }

    public void Acknowledged(Ack ack)
    {
        Acks.Add(ack);
        _acknowledgedHead[ack.Channel] = Math.Max(AcknowledgedHead(ack.Channel), ack.Seq);
    }

    /// <summary>The highest number that anybody has been told of in a channel.</summary>
    public long AcknowledgedHead(string channel) => _acknowledgedHead.GetValueOrDefault(channel);

    /// <summary>The bytes with which an event was committed, before any erasure.</summary>
    public byte[]? Original(string channel, long seq) => _originals.GetValueOrDefault((channel, seq));

    public void Count(ChannelCommand command, ChannelReply reply)
    {
        var name = $"{command.GetType().Name}: {(reply as Refused)?.Refusal.Code.Code ?? reply.GetType().Name}";
        Outcomes[name] = Outcomes.GetValueOrDefault(name) + 1;
    }
}
