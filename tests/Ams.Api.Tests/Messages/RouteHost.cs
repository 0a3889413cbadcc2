using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ams.Actors.Query;
using Ams.Actors.Sharding;
using Ams.Api.Auth;
using Ams.Api.Errors;
using Ams.Api.Http;
using Ams.Api.Messages;
using Ams.Api.RateLimits;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ams.Api.Tests.Messages;

/// <summary>The message routes on a real listening server, over a channel and a directory in memory.</summary>
public sealed class RouteHost : IAsyncLifetime
{
    private WebApplication? _app;

    internal FakeChannel Log { get; } = new();

    internal FakeDirectory Directory { get; } = new();

    internal HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The channel's path.</summary>
    internal static string Channel => $"/v1/channels/{FakeDirectory.ChannelId}";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddSingleton<IShardRegion>(Log)
            .AddSingleton<IReadJournal>(Log)
            .AddSingleton<IChannelFeeds>(Log)
            .AddSingleton<IAuthenticator>(Directory)
            .AddSingleton<IChannels>(Directory)
            .AddSingleton<IPrincipals>(Directory)
            .AddSingleton<IAccessChanges>(Directory)
            .AddSingleton<AccessWatch>()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new RateLimiter(null, TimeProvider.System));
        _app = builder.Build();
        _app.UseMiddleware<RequestIdMiddleware>();
        _app.UseMiddleware<FaultMiddleware>();
        _app.UseRouting();
        _app.UseMiddleware<AdmissionMiddleware>();
        PostRoutes.Map(_app);
        ChangeRoutes.Map(_app);
        MessageRoutes.Map(_app);
        EventRoutes.Map(_app);
        await _app.StartAsync();
        Client.BaseAddress = new Uri(
            _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()
        );
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", FakeDirectory.Token);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
    }

    internal async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? key = null,
        string? accept = null,
        string contentType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue(contentType) },
            };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    internal Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Body, HttpResponseMessage Response)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    public void ShouldBe(int status, string? code = null)
    {
        Status.ShouldBe(status, Body);
        if (code is not null)
            Code.ShouldBe(code);
    }
}
