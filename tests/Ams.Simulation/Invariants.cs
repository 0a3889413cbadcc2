using System.Text;
using System.Text.Json;
using Ams.Actors.Persistence;

namespace Ams.Simulation;

/// <summary>What must always hold (docs/architecture.md, section 6, numbers 1 to 6), checked over a whole run.</summary>
internal static class Invariants
{
    public static void Check(SimWorld world)
    {
        foreach (var channel in world.Channels)
        {
            var log = world.Store.Events(channel);
            Numbering(channel, log);
            Keys(channel, log);
            Times(channel, log);
            Messages(world, channel, log);
        }
        foreach (var ack in world.History.Acks)
            Acknowledged(world, ack);
        RealTimeOrder(world.History.Acks);
        foreach (var delivery in world.History.Deliveries)
            Delivered(world, delivery);
    }

    private static void Numbering(string channel, IReadOnlyList<JournalEvent> log)
    {
        for (var i = 0; i < log.Count; i++)
        {
            using var json = JsonDocument.Parse(log[i].Body);
            Hold(log[i].SequenceNr == i + 1, $"{channel} has {log[i].SequenceNr} at place {i + 1}");
            Hold(
                json.RootElement.GetProperty("channel_seq").GetInt64() == i + 1,
                $"{channel}: the bytes at {i + 1} say another number"
            );
        }
    }

    private static void Keys(string channel, IReadOnlyList<JournalEvent> log)
    {
        var doubled = log.Where(e => e.IdempotencyKey is not null)
            .GroupBy(e => (e.PrincipalId, e.IdempotencyKey))
            .FirstOrDefault(g => g.Count() > 1);
        Hold(doubled is null, $"{channel}: one key stands for two events: {doubled?.Key}");
    }

    private static void Times(string channel, IReadOnlyList<JournalEvent> log)
    {
        for (var i = 1; i < log.Count; i++)
            Hold(log[i].CreatedAt >= log[i - 1].CreatedAt, $"{channel}: time goes back at {i + 1}");
    }

    private static void Acknowledged(SimWorld world, Ack ack)
    {
        var log = world.Store.Events(ack.Channel);
        Hold(ack.Seq <= log.Count, $"{ack.Key} was acknowledged at {ack.Seq}, but {ack.Channel} ends at {log.Count}");
        var e = log[(int)ack.Seq - 1];
        if (world.Flaw != Flaw.KeysAreNotLookedUp)
            Hold(
                e.IdempotencyKey == ack.Key && e.PrincipalId == ack.Principal,
                $"{ack.Key} was acknowledged at {ack.Seq}, where {e.IdempotencyKey} stands"
            );
        foreach (
            var other in world.History.Acks.Where(o =>
                o.Channel == ack.Channel && o.Principal == ack.Principal && o.Key == ack.Key
            )
        )
            Hold(other.Seq == ack.Seq, $"{ack.Key} was acknowledged at {ack.Seq} and at {other.Seq}");
        if (ack.IsMessage)
            Same(world, ack.Channel, ack.Seq, ack.Body, "acknowledged");
    }

    // A request that began after another one's answer has the higher number, unless the request was made before as well.
    private static void RealTimeOrder(IReadOnlyList<Ack> acks)
    {
        var first = acks.GroupBy(ack => (ack.Channel, ack.Principal, ack.Key))
            .Select(g => (Ack: g.MinBy(a => a.Answered)!, Begun: g.Min(a => a.Begun)))
            .ToList();
        foreach (var (later, begun) in first)
        {
            foreach (var (earlier, _) in first)
            {
                if (later.Channel == earlier.Channel && begun > earlier.Answered)
                    Hold(
                        later.Seq > earlier.Seq,
                        $"{later.Key} began after {earlier.Key} was answered, and has {later.Seq} before {earlier.Seq}"
                    );
            }
        }
    }

    private static void Delivered(SimWorld world, Delivery delivery)
    {
        Hold(delivery.Seq <= world.Head(delivery.Channel), $"{delivery.Seq} was delivered and is not in the log");
        Same(world, delivery.Channel, delivery.Seq, delivery.Body, "delivered");
    }

    private static void Same(SimWorld world, string channel, long seq, byte[] body, string what)
    {
        var now = world.Store.Events(channel)[(int)seq - 1].Body;
        Hold(
            now.Span.SequenceEqual(body) || (world.History.Original(channel, seq)?.AsSpan().SequenceEqual(body) == true),
            $"{channel} {seq} was {what} as {Encoding.UTF8.GetString(body)} and stands as {Encoding.UTF8.GetString(now.Span)}"
        );
    }

    // The messages as they stand, against a naive reading of the log.
    private static void Messages(SimWorld world, string channel, IReadOnlyList<JournalEvent> log)
    {
        var expected = new SortedDictionary<long, Message>();
        foreach (var e in log)
        {
            using var json = JsonDocument.Parse(e.Body);
            var root = json.RootElement;
            var message =
                e.Type == "message.created"
                    ? expected[e.SequenceNr] = new Message()
                    : expected[root.GetProperty("message_seq").GetInt64()];
            switch (e.Type)
            {
                case "message.created" or "message.edited":
                    message.Text = root.GetProperty("text").GetString()!;
                    break;
                case "message.deleted":
                    message.Text = "";
                    message.Deleted = true;
                    break;
                case "reaction.added":
                    Hold(message.Reactions.Add(e.PrincipalId), $"{channel} {e.SequenceNr} adds a reaction that is there");
                    break;
                case "reaction.removed":
                    Hold(
                        message.Reactions.Remove(e.PrincipalId),
                        $"{channel} {e.SequenceNr} removes a reaction that is not there"
                    );
                    break;
            }
        }
        var messages = world.Store.Messages(channel);
        Hold(messages.Select(item => item.MessageSeq).SequenceEqual(expected.Keys), $"{channel} has other messages than its log");
        foreach (var item in messages)
        {
            using var json = JsonDocument.Parse(item.Body);
            var message = expected[item.MessageSeq];
            var reactions = json.RootElement.TryGetProperty("reactions", out var map)
                ? map.GetProperty("+1").EnumerateArray().Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal)
                : [];
            Hold(
                json.RootElement.GetProperty("text").GetString() == message.Text
                    && json.RootElement.TryGetProperty("deleted_at", out _) == message.Deleted
                    && reactions.SetEquals(message.Reactions),
                $"{channel} {item.MessageSeq} stands as {Encoding.UTF8.GetString(item.Body.Span)}, not as its log says"
            );
        }
    }

    private static void Hold(bool promise, string otherwise)
    {
        if (!promise)
            throw new BrokenPromiseException(otherwise);
    }

    private sealed class Message
    {
        public string Text { get; set; } = "";

        public bool Deleted { get; set; }

        public HashSet<string> Reactions { get; } = new(StringComparer.Ordinal);
    }
}
