using System.CommandLine;

namespace Ams.Cli.Commands;

/// <summary>Options and arguments that several commands share the meaning of.</summary>
internal static class Shared
{
    public static Option<string> Channel() =>
        new("--channel", "-c")
        {
            Description = "The channel, by id or name.",
            HelpName = "id|name",
            Required = true,
        };

    public static Argument<string> ChannelArgument() => new("channel") { Description = "The channel, by id or name." };

    public static Argument<long> Seq() => new("seq") { Description = "The message's channel_seq." };

    public static Option<string?> Key() =>
        new("--idempotency")
        {
            Description = "The idempotency key: repeating the command with it does nothing twice. Default: a new one.",
            HelpName = "key",
        };

    public static Option<string[]> Scopes() =>
        new("--scope")
        {
            Description = "A scope of the token, for example messages:read; may be repeated. Default: what the role allows.",
            HelpName = "scope",
            AllowMultipleArgumentsPerToken = true,
        };

    public static IReadOnlyList<string>? NullIfEmpty(string[]? values) => values is { Length: > 0 } ? values : null;
}
