using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Ams.Cli.Commands;

namespace Ams.Cli;

/// <summary>The usual help, then examples that can be pasted, and on the first page what exit codes and variables mean.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help has not given what is required yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Environment:");
            output.WriteLine(
                "  AMS_URL, AMS_TOKEN  what --base and --token default to, before the profile that 'ams login' saves"
            );
            output.WriteLine("  AMS_PLATFORM_KEY    what --platform-key defaults to");
            output.WriteLine("  NO_COLOR            no colours");
            output.WriteLine();
            output.WriteLine("Exit codes:");
            output.WriteLine($"  {ExitCodes.Help.Replace(", 6", ",\n  6", StringComparison.Ordinal)}");
        }

        return result;
    }
}
