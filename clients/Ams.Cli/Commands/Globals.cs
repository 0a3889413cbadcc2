using System.CommandLine;

namespace Ams.Cli.Commands;

/// <summary>The options that every command takes.</summary>
internal static class Globals
{
    public static readonly Option<string?> Base = new("--base")
    {
        Description = "Where the server listens; default: AMS_URL, the profile, http://localhost:8787.",
        HelpName = "url",
        Recursive = true,
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = "The token; default: AMS_TOKEN, the profile.",
        HelpName = "wat_…",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line.", Recursive = true };

    public static readonly Option<double> RetryFor = new("--retry-for")
    {
        Description = "Seconds to go on trying when the server can't be reached or is busy.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 5,
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Base);
        root.Options.Add(Token);
        root.Options.Add(Json);
        root.Options.Add(RetryFor);
    }
}
