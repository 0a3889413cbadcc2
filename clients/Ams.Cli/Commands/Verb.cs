using System.CommandLine;
using Ams.Client;

namespace Ams.Cli.Commands;

/// <summary>A command that does something, with examples, and with every fault turned into one line and an exit code.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, params Symbol[] symbols)
        : base(name, description)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option:
                    Options.Add(option);
                    break;
                case Argument argument:
                    Arguments.Add(argument);
                    break;
                case Command command:
                    Subcommands.Add(command);
                    break;
            }
        }
    }

    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What the command does. Returning means exit code 0.</summary>
    public Func<Invocation, CancellationToken, Task> Run
    {
        init => SetAction((parsed, ct) => GuardAsync(parsed, value, ct));
    }

    private static async Task<int> GuardAsync(
        ParseResult parsed,
        Func<Invocation, CancellationToken, Task> run,
        CancellationToken ct
    )
    {
        using var invocation = new Invocation(parsed);
        try
        {
            await run(invocation, ct);
            invocation.Printer.Flush();
            return ExitCodes.Ok;
        }
        catch (AmsException fault)
        {
            invocation.Printer.Flush();
            return Fail(invocation, fault);
        }
        catch (UsageException fault)
        {
            return Say(fault.Message, ExitCodes.Usage);
        }
        catch (Output.PipeClosedException)
        {
            // Who read us has seen enough.
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Say("interrupted.", 130);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return Say(fault.Message, ExitCodes.Other);
        }
    }

    private static int Fail(Invocation invocation, AmsException fault)
    {
        if (invocation.Get(Globals.Json) && fault.Status > 0)
        {
            var problem = System.Text.Json.JsonSerializer.Serialize(fault.Problem, Contracts.AmsJson.Default.Problem);
            Console.Error.WriteLine(problem);
            return ExitCodes.Of(fault);
        }

        var members = fault.Problem.Errors?.Select(error => $" {error.Key}: {string.Join(' ', error.Value)}") ?? [];
        var details = string.Concat(members.Where(member => !member.Contains(fault.Detail, StringComparison.Ordinal)));
        var code = fault.Status > 0 ? $" [{fault.Code}]" : "";
        return Say($"{fault.Detail}{details}{code}", ExitCodes.Of(fault));
    }

    private static int Say(string line, int exitCode)
    {
        Console.Error.WriteLine($"ams: {Output.Safe.Line(line)}");
        return exitCode;
    }
}
