using Ams.TestKit.Processes;

namespace Ams.Conformance;

/// <summary>
/// A server under test. <c>AMS_CONFORMANCE_URL</c> and <c>AMS_CONFORMANCE_PLATFORM_KEY</c> name one that runs already (its rate limit must be
/// off); without them the real executable is started. Tests that need settings of their own always start their own.
/// </summary>
internal sealed record Target(Uri BaseAddress, string PlatformKey)
{
    private static readonly Lock Starting = new();
    private static Task<Target>? _shared;

    private static readonly HttpClient Http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 256,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(100),
    };

    /// <summary>The server that all tests share.</summary>
    public static Task<Target> SharedAsync()
    {
        lock (Starting)
            return _shared ??= StartSharedAsync();
    }

    public static Target Of(ServerProcess server) => new(server.BaseAddress, ServerSetup.PlatformKey);

    public Uri At(string path) => new(BaseAddress, path);

    /// <summary>The same path for a WebSocket.</summary>
    public Uri SocketAt(string path) => new UriBuilder(At(path)) { Scheme = BaseAddress.Scheme == "https" ? "wss" : "ws" }.Uri;

    /// <summary>Sends a request and reads the whole answer.</summary>
    public static async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken ct = default)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request, ct);
            return await Answer.ReadAsync(response, ct);
        }
    }

    /// <summary>Sends a request and returns with the headers, for bodies that go on.</summary>
    public static Task<HttpResponseMessage> StreamAsync(HttpRequestMessage request, CancellationToken ct) =>
        Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    private static async Task<Target> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable("AMS_CONFORMANCE_URL") is { Length: > 0 } url)
        {
            var key =
                Environment.GetEnvironmentVariable("AMS_CONFORMANCE_PLATFORM_KEY")
                ?? throw new InvalidOperationException("AMS_CONFORMANCE_URL is set: set AMS_CONFORMANCE_PLATFORM_KEY too.");
            return new Target(new Uri(url), key);
        }
        var directory = new TempDirectory();
        var server = await ServerProcess.StartAsync(new ServerSetup { Directory = directory.Path });
        // The server kills itself with the test host (its own handler, attached before this one).
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Dispose();
        return Of(server);
    }
}
