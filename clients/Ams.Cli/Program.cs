using System.CommandLine;
using System.CommandLine.Invocation;
using Ams.Cli;
using Ams.Cli.Output;

var parsed = App.Build().Parse(args);
if (parsed.Action is ParseErrorAction)
{
    var path = string.Join(' ', App.PathOf(parsed.CommandResult));
    // A word that is no command says more than that a command is missing.
    var message = parsed.UnmatchedTokens is [var unknown, ..]
        ? $"There is no '{path} {Safe.Line(unknown)}'."
        : parsed.Errors[0].Message;
    Console.Error.WriteLine($"ams: {message} See '{path} --help'.");
    return ExitCodes.Usage;
}

// Ctrl-C and SIGTERM cancel the command's token; each command then ends by itself.
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
