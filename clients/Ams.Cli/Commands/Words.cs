using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary>Values as the wire spells them.</summary>
internal static class Words
{
    public static string Of(Enum value) => value.ToString().ToLowerInvariant();

    public static string? Of(DateTimeOffset? time) => time is { } known ? Rfc3339.Format(known) : null;
}
