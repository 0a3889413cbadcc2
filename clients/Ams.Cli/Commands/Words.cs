using System.CommandLine;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary>Values as the wire spells them.</summary>
internal static class Words
{
    public static string Of(Enum value) => value.ToString().ToLowerInvariant();

    public static string? Of(DateTimeOffset? time) => time is { } known ? Rfc3339.Format(known) : null;

    public static T? Read<T>(string? word)
        where T : struct, Enum => word is null ? null : Enum.Parse<T>(word, ignoreCase: true);

    /// <summary>Lets an option take the wire's words for an enumeration, and nothing else.</summary>
    public static Option<string?> Among<T>(this Option<string?> option)
        where T : struct, Enum
    {
        option.AcceptOnlyFromAmong([.. Enum.GetValues<T>().Select(value => Of(value))]);
        return option;
    }
}
