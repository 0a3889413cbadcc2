using System.CommandLine;
using System.Text.Json;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams channel …</c> and <c>ams direct</c></summary>
internal static class ChannelCommands
{
    public static Command Build() =>
        new Verb(
            "channel",
            "Channels and who is in them.",
            Create(),
            List(),
            Show(),
            Update(),
            Archive(),
            Unarchive(),
            Members(),
            Join(),
            Leave()
        );

    public static Verb Direct()
    {
        var who = new Argument<string[]>("member")
        {
            Description = "The others, by id or name.",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Verb("direct", "Open the direct channel with somebody; made if it is not there.", who)
        {
            Examples = ["ams direct \"Build Bot\""],
            Run = async (run, ct) =>
            {
                var ids = new List<string>();
                foreach (var member in run.Get(who)!)
                {
                    ids.Add(await run.Client.Members.ResolveAsync(member, ct));
                }

                Print(run, await run.Client.Channels.OpenDirectAsync(ids, ct));
            },
        };
    }

    private static Verb Create()
    {
        var name = new Option<string>("--name") { Description = "a-z, 0-9, '.', '_' and '-'; unique.", Required = true };
        var topic = new Option<string?>("--topic") { Description = "What it is about." };
        var isPrivate = new Option<bool>("--private") { Description = "Its members only; nobody else sees that it exists." };
        var members = new Option<string[]>("--member")
        {
            Description = "A first member, by id or name; may be repeated.",
            HelpName = "id|name",
        };
        var hops = new Option<int?>("--max-hops") { Description = "The longest chain of agents answering agents." };
        return new Verb("create", "Create a channel.", name, topic, isPrivate, members, hops)
        {
            Examples =
            [
                "ams channel create --name builds",
                "ams channel create --name incident-7 --private --member \"Build Bot\"",
            ],
            Run = async (run, ct) =>
            {
                var ids = new List<string>();
                foreach (var member in run.Get(members) ?? [])
                {
                    ids.Add(await run.Client.Members.ResolveAsync(member, ct));
                }

                var channel = new NewChannel(
                    run.Get(name)!,
                    run.Get(topic),
                    run.Get(isPrivate) ? ChannelVisibility.Private : null,
                    ids.Count > 0 ? ids : null,
                    run.Get(hops)
                );
                Print(run, await run.Client.Channels.CreateAsync(channel, ct));
            },
        };
    }

    private static Verb List()
    {
        var archived = new Option<bool>("--archived") { Description = "The archived ones, too." };
        return new Verb("list", "List the channels that the token can see.", archived)
        {
            Examples = ["ams channel list"],
            Run = (run, ct) =>
                run.Printer.ListAsync(
                    run.Client.Channels.ListAllAsync(run.Get(archived), ct),
                    channel => JsonSerializer.SerializeToUtf8Bytes(channel, AmsJson.Default.ChannelView),
                    ["id", "name", "visibility", "head", "unread", "topic", "archived"],
                    channel =>
                        [
                            channel.Id,
                            channel.Name,
                            Words.Of(channel.Visibility),
                            channel.HeadSeq.ToString(),
                            channel.Unread.ToString(),
                            channel.Topic,
                            Words.Of(channel.ArchivedAt),
                        ],
                    ct
                ),
        };
    }

    private static Verb Show()
    {
        var channel = Shared.ChannelArgument();
        return new Verb("show", "Show a channel.", channel)
        {
            Examples = ["ams channel show builds"],
            Run = async (run, ct) => Print(run, await run.Client.Channels.GetAsync(await run.ChannelAsync(channel, ct), ct)),
        };
    }

    private static Verb Update()
    {
        var channel = Shared.ChannelArgument();
        var name = new Option<string?>("--name") { Description = "Its new name." };
        var topic = new Option<string?>("--topic") { Description = "Its new topic." };
        var hops = new Option<int?>("--max-hops") { Description = "The longest chain of agents answering agents." };
        return new Verb("update", "Change a channel's name, topic or loop budget.", channel, name, topic, hops)
        {
            Examples = ["ams channel update builds --topic \"what CI says\""],
            Run = async (run, ct) =>
            {
                var change = new ChannelChange(run.Get(name), run.Get(topic), run.Get(hops));
                Print(run, await run.Client.Channels.UpdateAsync(await run.ChannelAsync(channel, ct), change, ct));
            },
        };
    }

    private static Verb Archive()
    {
        var channel = Shared.ChannelArgument();
        return new Verb("archive", "Archive a channel: readable, no longer writable.", channel)
        {
            Examples = ["ams channel archive builds"],
            Run = async (run, ct) =>
            {
                var id = await run.ChannelAsync(channel, ct);
                await run.Client.Channels.ArchiveAsync(id, ct);
                run.Printer.Done("archived", id, $"Archived {id}.");
            },
        };
    }

    private static Verb Unarchive()
    {
        var channel = Shared.ChannelArgument();
        return new Verb("unarchive", "Make an archived channel writable again.", channel)
        {
            Examples = ["ams channel unarchive builds"],
            Run = async (run, ct) =>
                Print(run, await run.Client.Channels.UnarchiveAsync(await run.ChannelAsync(channel, ct), ct)),
        };
    }

    private static Verb Members()
    {
        var channel = Shared.ChannelArgument();
        return new Verb("members", "List a channel's members.", channel)
        {
            Examples = ["ams channel members builds"],
            Run = async (run, ct) =>
                await MemberCommands.PrintAllAsync(
                    run,
                    run.Client.Channels.ListAllMembersAsync(await run.ChannelAsync(channel, ct), ct),
                    ct
                ),
        };
    }

    private static Verb Join()
    {
        var channel = Shared.ChannelArgument();
        var member = Member();
        return new Verb("join", "Join a channel, or add somebody.", channel, member)
        {
            Examples = ["ams channel join builds", "ams channel join incident-7 --member \"Build Bot\""],
            Run = async (run, ct) =>
            {
                var (id, who) = (await run.ChannelAsync(channel, ct), await WhoAsync(run, run.Get(member), ct));
                await run.Client.Channels.AddMemberAsync(id, who, ct);
                run.Printer.Done("joined", id, $"{who} is in {id}.");
            },
        };
    }

    private static Verb Leave()
    {
        var channel = Shared.ChannelArgument();
        var member = Member();
        return new Verb("leave", "Leave a channel, or take somebody out.", channel, member)
        {
            Examples = ["ams channel leave builds"],
            Run = async (run, ct) =>
            {
                var (id, who) = (await run.ChannelAsync(channel, ct), await WhoAsync(run, run.Get(member), ct));
                await run.Client.Channels.RemoveMemberAsync(id, who, ct);
                run.Printer.Done("left", id, $"{who} is not in {id}.");
            },
        };
    }

    private static Option<string?> Member() =>
        new("--member") { Description = "Who, by id or name; default: oneself.", HelpName = "id|name" };

    private static async Task<string> WhoAsync(Invocation run, string? member, CancellationToken ct) =>
        member is null ? (await run.Client.MeAsync(ct)).Principal.Id : await run.Client.Members.ResolveAsync(member, ct);

    private static void Print(Invocation run, ChannelView channel) =>
        run.Printer.One(
            JsonSerializer.SerializeToUtf8Bytes(channel, AmsJson.Default.ChannelView),
            ("id", channel.Id),
            ("name", channel.Name),
            ("topic", channel.Topic),
            ("visibility", Words.Of(channel.Visibility)),
            ("head", channel.HeadSeq.ToString()),
            ("unread", channel.Unread.ToString()),
            ("members", channel.Members is { } members ? string.Join(' ', members) : null),
            ("log", channel.LogId),
            ("created", Rfc3339.Format(channel.CreatedAt)),
            ("archived", Words.Of(channel.ArchivedAt))
        );
}
