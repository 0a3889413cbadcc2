using System.Text;
using Ams.Actors.Persistence;
using Ams.Contracts;

namespace Ams.TestKit.Persistence;

/// <summary>Makes events and batches as a channel's actor does.</summary>
public static class Logs
{
    /// <summary>The time of event 0; each event is a second later than the one before.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A message.</summary>
    public static JournalEvent Message(
        long seq,
        string? key = null,
        string text = "hello",
        long? thread = null,
        string by = "prn_a"
    ) =>
        new(seq, EventTypes.MessageCreated, Start.AddSeconds(seq), by, Json(seq, text))
        {
            IdempotencyKey = key,
            Fingerprint = key is null ? default : Fingerprint(key),
            MessageSeq = seq,
            Thread = thread,
        };

    /// <summary>An event about a message.</summary>
    public static JournalEvent About(long seq, string type, long messageSeq, string text = "", string by = "prn_a") =>
        new(seq, type, Start.AddSeconds(seq), by, Json(seq, text)) { MessageSeq = messageSeq };

    /// <summary>A batch on top of a head.</summary>
    public static AppendBatch Batch(string channel, long head, params JournalEvent[] events) => new(channel, 0, head, events);

    /// <summary>A batch of plain messages on top of a head.</summary>
    public static AppendBatch Messages(string channel, long head, int count) =>
        new(channel, 0, head, [.. Enumerable.Range(1, count).Select(i => Message(head + i))]);

    /// <summary>Some event's bytes.</summary>
    public static byte[] Json(long seq, string text) => Encoding.UTF8.GetBytes($$"""{"channel_seq":{{seq}},"text":"{{text}}"}""");

    /// <summary>16 bytes that follow from a word.</summary>
    public static byte[] Fingerprint(string word) => Encoding.UTF8.GetBytes(word.PadRight(16)[..16]);

    /// <summary>The bytes as text.</summary>
    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
