using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ams.Client.Tests;

/// <summary>A listening server that answers as a test tells it to.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<FakeServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Run(context => answer(context));
        await app.StartAsync();
        return new FakeServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>A client whose delays are too short to notice.</summary>
    public AmsClient Client(RetryOptions? retry = null) =>
        new(
            new AmsClientOptions
            {
                BaseUrl = Url,
                Token = "wat_test",
                Retry =
                    retry
                    ?? new RetryOptions { DelayMin = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(5) },
            }
        );

    public static string Event(long seq, string text = "hi", string key = "") =>
        $$"""{"type":"message.created","channel_id":"chn_a","channel_seq":{{seq}},"id":"msg_{{seq}}","author":{"id":"prn_a","name":"Bot","kind":"agent"},"created_at":"2026-11-22T08:00:00.123Z","text":"{{text}}"{{key}}}""";

    public static string Hello(long head, long after, double heartbeatSeconds = 30) =>
        $$"""{"type":"hello","channel_id":"chn_a","head_seq":{{head}},"after":{{after}},"log_id":"L1","principal_id":"prn_a","heartbeat_seconds":{{heartbeatSeconds}},"node":"n"}""";

    public static string CaughtUp(long seq) => $$"""{"type":"caught_up","channel_seq":{{seq}}}""";

    public static Task ProblemAsync(
        HttpContext context,
        int status,
        string code,
        bool retryable = false,
        string? retryAfter = null
    )
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return context.Response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    type = $"/problems/{code}",
                    title = code,
                    status,
                    detail = $"Detail of {code}.",
                    code,
                    request_id = "req_1",
                    retryable,
                }
            )
        );
    }
}

internal static class SocketExtensions
{
    public static Task SayAsync(this WebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);

    public static Task EndAsync(this WebSocket socket, int code, string reason = "") =>
        socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);

    /// <summary>The next text frame, or null at the end.</summary>
    public static async Task<JsonElement?> HearAsync(this WebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            return got.MessageType == WebSocketMessageType.Close
                ? null
                : JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, got.Count));
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
