namespace Ams.Api.Commands;

/// <summary>What the executable is asked to do: serve, or one of the commands for its operator.</summary>
internal sealed record CommandLine(CommandKind Kind, string File = "", bool Force = false)
{
    /// <summary>What <c>--help</c> says.</summary>
    public const string Usage = """
        usage: Ams.Api                        serve; settings come from the environment and AMS_CONFIG
               Ams.Api backup FILE            copy the database into FILE as it stands at one moment; servers go on meanwhile
               Ams.Api restore FILE [--force] put a backup in the place of the database; no server may run on it
               Ams.Api --help

        The database is that of AMS_DATABASE (or AMS_CONFIG). With --force a database that is there is moved aside, not lost.
        After a restore every log has a new log_id, so that clients with memories of the lost part are told.
        Exit codes: 0 done, 1 it can't be done (the one line on standard error says why), 2 wrongly called.
        """;

    /// <summary>Reads the arguments.</summary>
    /// <returns>Null, and what is wrong, when they make no command.</returns>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out string fault)
    {
        fault = "";
        switch (arguments)
        {
            case []:
                return new CommandLine(CommandKind.Serve);
            case ["--help" or "-h" or "help"]:
            case ["backup" or "restore", "--help" or "-h"]:
                return new CommandLine(CommandKind.Help);
            case ["backup", var file] when IsFile(file):
                return new CommandLine(CommandKind.Backup, file);
            case ["restore", var file] when IsFile(file):
                return new CommandLine(CommandKind.Restore, file);
            case ["restore", var file, "--force"] when IsFile(file):
                return new CommandLine(CommandKind.Restore, file, Force: true);
            case ["restore", "--force", var file] when IsFile(file):
                return new CommandLine(CommandKind.Restore, file, Force: true);
            case ["backup", ..]:
                fault = "backup takes one file: backup FILE";
                return null;
            case ["restore", ..]:
                fault = "restore takes one file: restore FILE [--force]";
                return null;
            default:
                fault = $"there is no command \"{arguments[0]}\"; --help lists what there is";
                return null;
        }
    }

    private static bool IsFile(string text) => text.Length > 0 && text[0] != '-';
}

/// <summary>What there is to do.</summary>
internal enum CommandKind
{
    /// <summary>Run the server.</summary>
    Serve,

    /// <summary>Say how it is called.</summary>
    Help,

    /// <summary>Copy the database.</summary>
    Backup,

    /// <summary>Put a copy in its place.</summary>
    Restore,
}
