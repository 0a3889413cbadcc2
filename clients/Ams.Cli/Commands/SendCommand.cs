using System.CommandLine;
using System.Text;
using System.Text.Json;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams send</c>: one message, or a file of them.</summary>
internal static class SendCommand
{
    public static Verb Build()
    {
        var channel = Shared.Channel();
        var text = new Option<string?>("--text", "-t") { Description = "The text; '-' reads it from standard input." };
        var payload = new Option<string?>("--payload") { Description = "A JSON object.", HelpName = "json" };
        var replyTo = new Option<long?>("--reply-to")
        {
            Description = "The channel_seq of the message that it answers.",
            HelpName = "seq",
        };
        var mentions = new Option<string[]>("--mention")
        {
            Description = "Whom to mention, by id or name; may be repeated.",
            HelpName = "id|name",
        };
        var key = Shared.Key();
        var file = new Option<string?>("--file", "-f")
        {
            Description =
                "Post a batch: a file ('-': standard input) with a message a line, JSON as in the protocol; up to 1000 are committed all or none. "
                + "With --idempotency, line N has the key KEY-N.",
            HelpName = "file",
        };
        return new Verb(
            "send",
            "Post a message; returns once it is committed with fsync.",
            channel,
            text,
            payload,
            replyTo,
            mentions,
            key,
            file
        )
        {
            Examples =
            [
                "ams send --channel builds --text \"deploy started\" --idempotency msg-1",
                "make 2>&1 | tail -20 | ams send --channel builds --text -",
                "ams send --channel builds --text done --payload '{\"run\": 17}' --reply-to 41",
                "ams send --channel builds --file messages.ndjson --idempotency import-1",
            ],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                if (run.Get(file) is { } path)
                {
                    await BatchAsync(run, id, path, run.Get(key), ct);
                    return;
                }

                var message = new NewMessage
                {
                    Text = run.Get(text) == "-" ? await StandardInputAsync(ct) : run.Get(text),
                    Payload = run.Get(payload) is { } json ? Object(json, "--payload") : null,
                    ReplyTo = run.Get(replyTo),
                    Mentions = await IdsAsync(run, run.Get(mentions), ct),
                    IdempotencyKey = run.Get(key),
                };
                if (message is { Text: null, Payload: null })
                {
                    throw new UsageException("nothing to send: give --text, --payload or --file.");
                }

                Print(run, await run.Client.Messages.PostAsync(id, message, ct));
            },
        };
    }

    private static async Task BatchAsync(Invocation run, string channelId, string path, string? key, CancellationToken ct)
    {
        using var reader = path == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(path, Encoding.UTF8);
        var number = 0;
        var batch = new List<NewMessage>();
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var message = MessageLine.Parse(line, number);
            batch.Add(
                message.IdempotencyKey is null && key is not null ? message with { IdempotencyKey = $"{key}-{number}" } : message
            );
            if (batch.Count == Limits.BatchMessagesMax)
            {
                await PostAsync(run, channelId, batch, ct);
            }
        }

        await PostAsync(run, channelId, batch, ct);
    }

    private static async Task PostAsync(Invocation run, string channelId, List<NewMessage> batch, CancellationToken ct)
    {
        if (batch.Count == 0)
        {
            return;
        }

        foreach (var posted in await run.Client.Messages.PostBatchAsync(channelId, batch, ct))
        {
            Print(run, posted);
        }

        batch.Clear();
    }

    private static void Print(Invocation run, Posted posted)
    {
        if (run.Printer.Json)
        {
            run.Printer.Line(posted.Event.Json.Span);
        }
        else
        {
            var again = posted.Replayed ? "\tposted before" : "";
            run.Printer.Text($"{posted.Event.ChannelSeq}\t{posted.Event.Id}\t{posted.IdempotencyKey}{again}");
        }
    }

    internal static JsonElement Object(string json, string where)
    {
        try
        {
            var element = JsonElement.Parse(json);
            return element.ValueKind == JsonValueKind.Object
                ? element
                : throw new UsageException($"{where} is not a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{where} is not JSON: {fault.Message}");
        }
    }

    private static async Task<string> StandardInputAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var text = await reader.ReadToEndAsync(ct);
        // The line break that every pipe ends with is not part of what was said.
        return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
    }

    private static async Task<IReadOnlyList<string>?> IdsAsync(Invocation run, string[]? members, CancellationToken ct)
    {
        var ids = new List<string>();
        foreach (var member in members ?? [])
        {
            ids.Add(await run.Client.Members.ResolveAsync(member, ct));
        }

        return ids.Count > 0 ? ids : null;
    }
}

/// <summary>A line of a batch file: the body of a post.</summary>
internal static class MessageLine
{
    public static NewMessage Parse(string line, int number)
    {
        var body = SendCommand.Object(line, $"line {number}");
        var message = new NewMessage();
        try
        {
            foreach (var member in body.EnumerateObject())
            {
                message = member.Name switch
                {
                    "text" => message with { Text = member.Value.GetString() },
                    "payload" => message with { Payload = member.Value },
                    "reply_to" => message with { ReplyTo = member.Value.GetInt64() },
                    "mentions" => message with { Mentions = [.. member.Value.EnumerateArray().Select(id => id.GetString()!)] },
                    "cause" => message with { Cause = member.Value.GetInt64() },
                    "idempotency_key" => message with { IdempotencyKey = member.Value.GetString() },
                    var unknown => throw new UsageException(
                        $"line {number} has the member '{unknown}', which a message has not."
                    ),
                };
            }
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException)
        {
            throw new UsageException($"line {number} has a member of the wrong type: {fault.Message}");
        }

        return message;
    }
}
