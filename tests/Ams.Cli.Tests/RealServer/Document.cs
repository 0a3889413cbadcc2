using Ams.TestKit.Processes;

namespace Ams.Cli.Tests.RealServer;

/// <summary>A page of the repository, read for its examples.</summary>
internal static class Document
{
    /// <summary>The fenced blocks of one language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string path, string language)
    {
        var blocks = new List<string>();
        List<string>? block = null;
        foreach (var line in File.ReadLines(Path.Combine(ServerExecutable.RepositoryRoot, path)))
        {
            if (block is null && line == $"```{language}")
            {
                block = [];
            }
            else if (block is not null && line == "```")
            {
                blocks.Add(string.Join('\n', block) + "\n");
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }

        return blocks;
    }
}
