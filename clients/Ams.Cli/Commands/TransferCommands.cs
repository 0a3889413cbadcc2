using System.CommandLine;
using Ams.Cli.Output;

namespace Ams.Cli.Commands;

/// <summary><c>ams export</c></summary>
internal static class TransferCommands
{
    public static Verb Export()
    {
        var channel = Shared.Channel();
        var after = new Option<long>("--after") { Description = "Begin behind this channel_seq.", HelpName = "seq" };
        var file = new Option<string?>("--output", "-o")
        {
            Description = "A file, written whole or not at all; default: standard output.",
            HelpName = "file",
        };
        return new Verb("export", "Write a channel's log as ndjson, an event a line, byte for byte.", channel, after, file)
        {
            Examples =
            [
                "ams export --channel builds --output builds.ndjson",
                "ams export --channel builds | gzip > builds.ndjson.gz",
            ],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                if (run.Get(file) is not { } path)
                {
                    await foreach (var item in run.Client.Events.StreamAsync(id, run.Get(after), ct))
                    {
                        run.Printer.Line(item.Json.Span);
                    }

                    return;
                }

                var count = await ToFileAsync(run, id, run.Get(after), path, ct);
                run.Printer.Done("exported", count.ToString(), $"Exported {count} events to {path}.");
            },
        };
    }

    private static async Task<long> ToFileAsync(Invocation run, string channelId, long after, string path, CancellationToken ct)
    {
        var progress = new Progress((await run.Client.Channels.GetAsync(channelId, ct)).HeadSeq - after);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        long count = 0;
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 256 * 1024))
            {
                await foreach (var item in run.Client.Events.StreamAsync(channelId, after, ct))
                {
                    file.Write(item.Json.Span);
                    file.WriteByte((byte)'\n');
                    progress.Show(++count);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return count;
        }
        finally
        {
            progress.Clear();
            File.Delete(temporary);
        }
    }
}
