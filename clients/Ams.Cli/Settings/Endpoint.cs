namespace Ams.Cli.Settings;

/// <summary>Which server, and as whom: from the command line, the environment, then the profile.</summary>
internal sealed record Endpoint(Uri BaseUrl, string? Token)
{
    public const string DefaultBase = "http://localhost:8787";

    /// <exception cref="UsageException">There is no token, the address is none, or the saved token is another server's.</exception>
    public static Endpoint Resolve(string? baseUrl, string? token)
    {
        var endpoint = ResolveBase(baseUrl);
        var given = NullIfEmpty(token) ?? NullIfEmpty(Environment.GetEnvironmentVariable("AMS_TOKEN"));
        if (given is not null)
        {
            return endpoint with { Token = given };
        }

        var profile = Profile.Load() ?? throw new UsageException("no token: give --token, set AMS_TOKEN, or run 'ams login'.");
        if (Parse(profile.Base) != endpoint.BaseUrl)
        {
            // A token must not travel to a server that it was not made for.
            throw new UsageException(
                $"the saved token is for {profile.Base}; give --token or run 'ams login' for {endpoint.BaseUrl}."
            );
        }

        return endpoint with
        {
            Token = profile.Token,
        };
    }

    /// <summary>The server alone, for the commands that need no token.</summary>
    public static Endpoint ResolveBase(string? baseUrl) =>
        new(
            Parse(
                NullIfEmpty(baseUrl)
                    ?? NullIfEmpty(Environment.GetEnvironmentVariable("AMS_URL"))
                    ?? Profile.Load()?.Base
                    ?? DefaultBase
            ),
            null
        );

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var found) && found.Scheme is ("http" or "https")
            ? found
            : throw new UsageException($"'{url}' is not an http or https URL; give one such as {DefaultBase}.");

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
