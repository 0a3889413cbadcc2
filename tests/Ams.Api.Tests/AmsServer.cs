using System.Net.Http.Json;
using System.Text.Json;
using Ams.Api.Configuration;
using Ams.Api.Hosting;
using Ams.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Ams.Api.Tests;

/// <summary>The real server on a port of its own, with a database of its own, in this process. A class fixture, or made by hand for other settings.</summary>
public sealed class AmsServer : IAsyncLifetime, IAsyncDisposable
{
    public const string PlatformKey = "platform-key-of-the-tests";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ams-test-");
    private readonly Dictionary<string, string> _environment;
    private readonly Action<IServiceCollection>? _adjust;
    private WebApplication? _app;
    private int _slugs;

    public AmsServer()
        : this(adjust: null) { }

    internal AmsServer(Action<IServiceCollection>? adjust, params (string Key, string Value)[] environment)
    {
        _adjust = adjust;
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["AMS_LISTEN"] = "http://127.0.0.1:0",
            ["AMS_OPERATOR_LISTEN"] = "off",
            ["AMS_PLATFORM_KEY"] = PlatformKey,
            ["AMS_TOKEN_PEPPER"] = "a-pepper-of-the-tests-0123456789-0123456789",
            ["AMS_RATE_LIMIT"] = "off",
        };
        foreach (var (key, value) in environment)
            _environment[key] = value;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where its operator's port is, if it was given one.</summary>
    public Uri OperatorAddress { get; private set; } = null!;

    /// <summary>A client without a token.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => _app!.Services;

    internal NodeState Node => Services.GetRequiredService<NodeState>();

    internal static async Task<AmsServer> StartAsync(
        Action<IServiceCollection>? adjust = null,
        params (string, string)[] environment
    )
    {
        var server = new AmsServer(adjust, environment);
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync()
    {
        var settings = SettingsLoader.Load(_environment, _directory.FullName, isBuildOutput: false);
        _app = await AmsApp.OpenAsync(settings, _adjust);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        OperatorAddress = new Uri(_app.Urls.Last());
        Http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Stops it gracefully and starts it again on the same data, on another port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    /// <summary>A new workspace and its owner's token.</summary>
    public async Task<TestWorkspace> CreateWorkspaceAsync()
    {
        var slug = $"w{Interlocked.Increment(ref _slugs)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces")
        {
            Content = JsonContent.Create(new { name = "Workspace " + slug, slug }),
        };
        request.Headers.Add("X-Platform-Key", PlatformKey);
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        var created = (await response.Content.ReadFromJsonAsync(AmsJson.Default.WorkspaceCreated))!;
        return new TestWorkspace(this, created.Workspace, created.Owner, created.OwnerToken);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        Http.Dispose();
        await app.Services.GetRequiredService<Node>().StopAsync(app);
        await app.DisposeAsync();
    }
}

/// <summary>A workspace of a test, and shortcuts to what most tests need in it.</summary>
public sealed record TestWorkspace(AmsServer Server, WorkspaceView Workspace, PrincipalView Owner, string OwnerToken)
{
    private int _names;

    /// <summary>A member with a token that has all scopes of its role, or only the given ones.</summary>
    public async Task<TestMember> AddAsync(string role = "member", string kind = "agent", params string[] scopes)
    {
        var name = $"{role} {Interlocked.Increment(ref _names)}";
        var (status, body) = await CallAsync(
            HttpMethod.Post,
            "/v1/members",
            OwnerToken,
            scopes.Length == 0
                ? new
                {
                    name,
                    kind,
                    role,
                }
                : new
                {
                    name,
                    kind,
                    role,
                    scopes,
                }
        );
        status.ShouldBe(201, body.GetRawText());
        var created = body.Deserialize(AmsJson.Default.MemberCreated)!;
        return new TestMember(created.Member.Id, created.Member.Name, created.Token.Id, created.Token.Secret!);
    }

    /// <summary>A channel, created with the given token (the owner's by default).</summary>
    public async Task<string> CreateChannelAsync(string? token = null, string visibility = "workspace", params string[] members)
    {
        var name = $"channel-{Interlocked.Increment(ref _names)}";
        var (status, body) = await CallAsync(
            HttpMethod.Post,
            "/v1/channels",
            token ?? OwnerToken,
            new
            {
                name,
                visibility,
                members,
            }
        );
        status.ShouldBe(201, body.GetRawText());
        return body.GetProperty("channel").GetProperty("id").GetString()!;
    }

    /// <summary>A call and its JSON answer; an answer without a body is an undefined element.</summary>
    public async Task<(int Status, JsonElement Body)> CallAsync(
        HttpMethod method,
        string path,
        string? token,
        object? body = null
    )
    {
        using var response = await SendAsync(method, path, token, body);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>A call and its whole response.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        return await Server.Http.SendAsync(request);
    }
}

/// <summary>A member of a test workspace, with its token.</summary>
public sealed record TestMember(string Id, string Name, string TokenId, string Token);
