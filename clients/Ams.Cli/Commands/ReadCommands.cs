using System.CommandLine;
using Ams.Cli.Output;
using Ams.Client;

namespace Ams.Cli.Commands;

/// <summary>Reading a log: <c>replay</c> up to its head, <c>subscribe</c> for as long as one likes.</summary>
internal static class ReadCommands
{
    public static Verb Replay()
    {
        var channel = Shared.Channel();
        var after = new Option<long>("--after") { Description = "Begin behind this channel_seq.", HelpName = "seq" };
        var limit = new Option<long?>("--limit") { Description = "At most so many events.", HelpName = "count" };
        return new Verb(
            "replay",
            "Print a channel's log, from the beginning or a position, up to its head.",
            channel,
            after,
            limit
        )
        {
            Examples = ["ams replay --channel builds", "ams replay --channel builds --after 100 --limit 10 --json"],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                await foreach (var item in run.Client.Events.ReplayAsync(id, run.Get(after), run.Get(limit), ct))
                {
                    run.Printer.Event(item);
                }
            },
        };
    }

    public static Verb Subscribe()
    {
        var channel = Shared.Channel();
        var after = new Option<long?>("--after")
        {
            Description = "Begin behind this channel_seq; default: only what is new.",
            HelpName = "seq",
        };
        var limit = new Option<long?>("--limit") { Description = "End after so many events.", HelpName = "count" };
        return new Verb(
            "subscribe",
            "Print events as they are committed, until Ctrl-C. Reconnects and resumes by itself.",
            channel,
            after,
            limit
        )
        {
            Examples = ["ams subscribe --channel builds --after 0", "ams subscribe --channel builds --json | jq -r .text"],
            Run = async (run, ct) =>
            {
                try
                {
                    await FollowAsync(run, await run.ChannelAsync(channel, ct), run.Get(after), run.Get(limit), ct);
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    // Ctrl-C is how a subscription ends.
                    run.Printer.Flush();
                }
            },
        };
    }

    private static async Task FollowAsync(Invocation run, string channelId, long? after, long? limit, CancellationToken ct)
    {
        var options = new SubscribeOptions { OnState = state => Tell(state, run.Printer) };
        var left = limit ?? long.MaxValue;
        await foreach (var item in run.Client.SubscribeAsync(channelId, after, options, ct))
        {
            run.Printer.Event(item);
            run.Printer.Flush();
            if (--left <= 0)
            {
                return;
            }
        }
    }

    private static void Tell(SubscriptionState state, Printer printer)
    {
        if (state.Phase == SubscriptionPhase.Reconnecting)
        {
            Terminal.Note($"reconnecting in {state.Delay!.Value.TotalMilliseconds:0} ms ({state.Reason})");
        }
        else if (state.Phase == SubscriptionPhase.Live && printer.OnTerminal)
        {
            Terminal.Note($"live at {state.ChannelSeq}; Ctrl-C ends");
        }
    }
}
