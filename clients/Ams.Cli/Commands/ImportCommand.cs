using System.CommandLine;
using System.Text;
using System.Text.Json;
using Ams.Cli.Output;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams import</c>: posts what <c>ams export</c> wrote. Every key is made of the source's channel and number, so a second run, or one
/// after a crash, doubles nothing.</summary>
internal static class ImportCommand
{
    private const int BatchBytesAim = Limits.BatchBytesMax / 4;

    public static Verb Build()
    {
        var channel = Shared.Channel();
        var file = new Argument<string>("file") { Description = "What 'ams export' wrote; '-': standard input." };
        return new Verb(
            "import",
            "Post the messages of an export, with their threads and edits, as oneself. Deleted messages, reactions and claims are passed over. "
                + "Twice doubles nothing.",
            channel,
            file
        )
        {
            Examples = ["ams import --channel copy-of-builds builds.ndjson", "ams export --channel a | ams import --channel b -"],
            Run = async (run, ct) =>
            {
                var import = new Import(run.Client, await run.ChannelAsync(channel, ct));
                var path = run.Get(file)!;
                using var reader =
                    path == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(path, Encoding.UTF8);
                await import.ReadAsync(reader, ct);
                run.Printer.Done(
                    "imported",
                    import.Posted.ToString(),
                    $"Imported {import.Posted} messages, {import.Before} were there already, {import.PassedOver} events passed over."
                );
            },
        };
    }

    private sealed class Import(AmsClient client, string channelId)
    {
        private readonly Dictionary<long, long> _newSeqs = [];
        private readonly List<AmsEvent> _waiting = [];
        private readonly HashSet<long> _waitingSeqs = [];
        private readonly Progress _progress = new(0);
        private long _waitingBytes;

        public long Posted { get; private set; }

        public long Before { get; private set; }

        public long PassedOver { get; private set; }

        public async Task ReadAsync(StreamReader reader, CancellationToken ct)
        {
            for (var number = 1; await reader.ReadLineAsync(ct) is { } line; number++)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    await TakeAsync(Parse(line, number), ct);
                }
            }

            await PostAsync(ct);
            _progress.Clear();
        }

        private static AmsEvent Parse(string line, int number)
        {
            try
            {
                return new AmsEvent(Encoding.UTF8.GetBytes(line));
            }
            catch (AmsProtocolException)
            {
                throw new UsageException($"line {number} is no event; give a file that 'ams export' wrote.");
            }
        }

        private async Task TakeAsync(AmsEvent item, CancellationToken ct)
        {
            switch (item)
            {
                case { Type: EventTypes.MessageCreated, Deleted: false }:
                    if (item.ReplyTo is { } replyTo && _waitingSeqs.Contains(replyTo))
                    {
                        // Its new number is known once it is committed.
                        await PostAsync(ct);
                    }

                    _waiting.Add(item);
                    _waitingSeqs.Add(item.ChannelSeq);
                    _waitingBytes += item.Json.Length;
                    if (_waiting.Count == Limits.BatchMessagesMax || _waitingBytes > BatchBytesAim)
                    {
                        await PostAsync(ct);
                    }

                    break;
                case { Type: EventTypes.MessageEdited, Deleted: false, MessageSeq: { } edited }:
                    await PostAsync(ct);
                    await EditAsync(item, edited, ct);
                    break;
                default:
                    PassedOver++;
                    break;
            }
        }

        private async Task PostAsync(CancellationToken ct)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            var posted = await client.Messages.PostBatchAsync(channelId, [.. _waiting.Select(Message)], ct);
            for (var i = 0; i < posted.Count; i++)
            {
                _newSeqs[_waiting[i].ChannelSeq] = posted[i].Event.ChannelSeq;
                _ = posted[i].Replayed ? Before++ : Posted++;
            }

            _progress.Show(Posted + Before);
            _waiting.Clear();
            _waitingSeqs.Clear();
            _waitingBytes = 0;
        }

        private NewMessage Message(AmsEvent item) =>
            new()
            {
                Text = item.Text,
                Payload = Payload(item),
                ReplyTo = item.ReplyTo is { } old && _newSeqs.TryGetValue(old, out var seq) ? seq : null,
                IdempotencyKey = Key(item),
            };

        private async Task EditAsync(AmsEvent item, long edited, CancellationToken ct)
        {
            if (_newSeqs.TryGetValue(edited, out var seq))
            {
                await client.Messages.EditAsync(channelId, seq, item.Text, Payload(item), Key(item), ct);
            }
            else
            {
                PassedOver++;
            }
        }

        private static JsonElement? Payload(AmsEvent item) =>
            item.Payload.IsEmpty ? null : item.ToElement().GetProperty("payload");

        private static string Key(AmsEvent item) => $"import:{item.ChannelId}:{item.ChannelSeq}";
    }
}
