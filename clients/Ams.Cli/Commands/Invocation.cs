using System.CommandLine;
using Ams.Cli.Output;
using Ams.Cli.Settings;
using Ams.Client;

namespace Ams.Cli.Commands;

/// <summary>One run of one command: its arguments, its output, its client.</summary>
internal sealed class Invocation(ParseResult parsed) : IDisposable
{
    private AmsClient? _client;
    private Printer? _printer;

    public Printer Printer => _printer ??= new Printer(Get(Globals.Json));

    /// <summary>A client with a token.</summary>
    public AmsClient Client => _client ??= NewClient(Endpoint.Resolve(Get(Globals.Base), Get(Globals.Token)));

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>A client of one's own making, disposed of with the invocation.</summary>
    public AmsClient NewClient(Endpoint endpoint, string? platformKey = null) =>
        _client = new AmsClient(
            new AmsClientOptions
            {
                BaseUrl = endpoint.BaseUrl,
                Token = endpoint.Token,
                PlatformKey = platformKey,
                Retry = new RetryOptions { TotalTime = TimeSpan.FromSeconds(Math.Clamp(Get(Globals.RetryFor), 0, 3600)) },
                UserAgent = "ams-cli/0.1",
            }
        );

    /// <summary>The channel that an option names, by id or by name.</summary>
    public Task<string> ChannelAsync(Option<string> option, CancellationToken ct) =>
        Client.Channels.ResolveAsync(Get(option)!, ct);

    /// <summary>The channel that an argument names, by id or by name.</summary>
    public Task<string> ChannelAsync(Argument<string> argument, CancellationToken ct) =>
        Client.Channels.ResolveAsync(Get(argument)!, ct);

    public void Dispose()
    {
        _client?.Dispose();
        _printer?.Dispose();
    }
}
