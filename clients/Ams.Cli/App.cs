using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Ams.Cli.Commands;

namespace Ams.Cli;

/// <summary>The contents page: every command of <c>ams</c>.</summary>
internal static class App
{
    public static RootCommand Build()
    {
        var root = new RootCommand("AMS: durable, ordered, resumable channels for agents and people.");
        Globals.AddTo(root);
        root.Subcommands.Add(SessionCommands.Login());
        root.Subcommands.Add(SessionCommands.Logout());
        root.Subcommands.Add(SessionCommands.WhoAmI());
        root.Subcommands.Add(SessionCommands.Health());
        root.Subcommands.Add(WorkspaceCommands.Build());
        root.Subcommands.Add(MemberCommands.Build());
        root.Subcommands.Add(TokenCommands.Build());
        root.Subcommands.Add(ChannelCommands.Build());
        root.Subcommands.Add(ChannelCommands.Direct());
        root.Subcommands.Add(SendCommand.Build());
        root.Subcommands.Add(MessageCommands.Edit());
        root.Subcommands.Add(MessageCommands.Delete());
        root.Subcommands.Add(MessageCommands.React());
        root.Subcommands.Add(ReadCommands.Replay());
        root.Subcommands.Add(ReadCommands.Subscribe());
        root.Subcommands.Add(TransferCommands.Export());
        root.Subcommands.Add(ImportCommand.Build());
        root.Subcommands.Add(AuditCommand.Build());
        root.Subcommands.Add(CompletionCommand.Build());
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    /// <summary>The words that lead to a command: <c>ams channel create</c>.</summary>
    public static IEnumerable<string> PathOf(CommandResult command) =>
        (command.Parent is CommandResult parent ? PathOf(parent) : []).Append(
            command.Parent is null ? "ams" : command.Command.Name
        );
}
