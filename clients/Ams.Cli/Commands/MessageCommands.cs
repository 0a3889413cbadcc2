using System.CommandLine;

namespace Ams.Cli.Commands;

/// <summary>What can be done to a message: <c>edit</c>, <c>delete</c>, <c>react</c>.</summary>
internal static class MessageCommands
{
    public static Verb Edit()
    {
        var (channel, seq, key) = (Shared.Channel(), Shared.Seq(), Shared.Key());
        var text = new Option<string?>("--text", "-t") { Description = "Its new text." };
        var payload = new Option<string?>("--payload") { Description = "Its new payload, a JSON object.", HelpName = "json" };
        return new Verb("edit", "Replace the text or payload of one's own message.", channel, seq, text, payload, key)
        {
            Examples = ["ams edit --channel builds 42 --text \"deploy done\""],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                var content = run.Get(payload) is { } json
                    ? SendCommand.Object(json, "--payload")
                    : (System.Text.Json.JsonElement?)null;
                if (run.Get(text) is null && content is null)
                {
                    throw new UsageException("nothing to change: give --text or --payload.");
                }

                run.Printer.Event(
                    await run.Client.Messages.EditAsync(id, run.Get(seq), run.Get(text), content, run.Get(key), ct)
                );
            },
        };
    }

    public static Verb Delete()
    {
        var (channel, seq, key) = (Shared.Channel(), Shared.Seq(), Shared.Key());
        return new Verb("delete", "Delete a message and erase its content.", channel, seq, key)
        {
            Examples = ["ams delete --channel builds 42"],
            Run = async (run, ct) =>
            {
                await run.Client.Messages.DeleteAsync(await run.ChannelAsync(channel, ct), run.Get(seq), run.Get(key), ct);
                run.Printer.Done("deleted", run.Get(seq).ToString(), $"Deleted #{run.Get(seq)}.");
            },
        };
    }

    public static Verb React()
    {
        var (channel, seq, key) = (Shared.Channel(), Shared.Seq(), Shared.Key());
        var emoji = new Argument<string>("emoji") { Description = "One emoji." };
        var remove = new Option<bool>("--remove") { Description = "Take it back." };
        return new Verb("react", "Add a reaction to a message, or take it back.", channel, seq, emoji, remove, key)
        {
            Examples = ["ams react --channel builds 42 👍", "ams react --channel builds 42 👍 --remove"],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                if (run.Get(remove))
                {
                    await run.Client.Messages.UnreactAsync(id, run.Get(seq), run.Get(emoji)!, run.Get(key), ct);
                }
                else
                {
                    await run.Client.Messages.ReactAsync(id, run.Get(seq), run.Get(emoji)!, run.Get(key), ct);
                }

                run.Printer.Done(
                    run.Get(remove) ? "unreacted" : "reacted",
                    run.Get(seq).ToString(),
                    $"#{run.Get(seq)} {run.Get(emoji)}"
                );
            },
        };
    }
}
