using System.CommandLine;
using Ams.Cli.Commands;

namespace Ams.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> EveryCommand => [.. Paths(App.Build(), "")];

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Every_command_has_help_and_what_does_something_has_an_example(string path)
    {
        var output = new StringWriter();
        var parsed = App.Build().Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        parsed.Invoke(new InvocationConfiguration { Output = output }).ShouldBe(0);

        output.ToString().ShouldContain("Usage:");
        if (parsed.CommandResult.Command is Verb { Subcommands.Count: 0 } verb)
        {
            verb.Examples.ShouldNotBeEmpty();
            output.ToString().ShouldContain(verb.Examples[0]);
        }
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Every_option_and_argument_is_described(string path)
    {
        var command = App.Build().Parse(path).CommandResult.Command;

        command.Options.ShouldAllBe(option => !string.IsNullOrWhiteSpace(option.Description));
        command.Arguments.ShouldAllBe(argument => !string.IsNullOrWhiteSpace(argument.Description));
        command.Description.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task The_first_page_documents_the_exit_codes()
    {
        using var ams = new AmsProcess();

        var ended = await ams.RunAsync("--help");

        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldContain("3 unauthorised (401, 403)");
        ended.Output.ShouldContain("7 unreachable");
    }

    [Theory]
    [InlineData("bash", "complete -F _ams ams")]
    [InlineData("zsh", "#compdef ams")]
    [InlineData("fish", "complete -c ams")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_scripts_ask_ams_itself(string shell, string expected)
    {
        using var ams = new AmsProcess();

        (await ams.RunAsync("completion", shell)).Output.ShouldContain(expected);
        (await ams.RunAsync("[suggest:15]", "ams channel cre")).Output.ShouldBe("create\n");
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(sub => Paths(sub, $"{path} {sub.Name}".Trim())).Prepend(path);
}
