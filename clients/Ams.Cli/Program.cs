using System.CommandLine;
using System.CommandLine.Invocation;
using Ams.Cli;

var parsed = App.Build().Parse(args);
if (parsed.Action is ParseErrorAction)
{
    var path = string.Join(' ', App.PathOf(parsed.CommandResult));
    Console.Error.WriteLine($"ams: {parsed.Errors[0].Message} See '{path} --help'.");
    return ExitCodes.Usage;
}

// Ctrl-C and SIGTERM cancel the command's token; each command then ends by itself.
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
