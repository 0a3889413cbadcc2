using System.CommandLine;

namespace Ams.Cli.Commands;

/// <summary><c>ams completion</c>: scripts that ask <c>ams</c> itself what can come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _ams() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("$1" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _ams ams
        """;

    private const string Zsh = """
        #compdef ams
        _ams() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- $found
        }
        compdef _ams ams
        """;

    private const string Fish = """
        complete -c ams -f -a '(ams "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName ams -ScriptBlock {
          param($word, $line, $position)
          ams "[suggest:$position]" "$line" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Verb Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return new Verb("completion", "Print a script that completes ams commands in a shell.", shell)
        {
            Examples =
            [
                "ams completion bash > ~/.local/share/bash-completion/completions/ams",
                "ams completion zsh > \"${fpath[1]}/_ams\"",
                "ams completion fish > ~/.config/fish/completions/ams.fish",
                "ams completion pwsh >> $PROFILE",
            ],
            Run = (run, _) =>
            {
                run.Printer.Text(
                    run.Get(shell) switch
                    {
                        "bash" => Bash,
                        "zsh" => Zsh,
                        "fish" => Fish,
                        _ => PowerShell,
                    }
                );
                return Task.CompletedTask;
            },
        };
    }
}
