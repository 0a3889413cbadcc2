using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>Server-sent events (WHATWG HTML, section 9.2): replay, then live, until either side goes away or the caller's access ends. Then the
/// response ends; a client that comes back with <c>Last-Event-ID</c> misses nothing, or is told why it may not.</summary>
internal sealed class EventStream(IChannelFeeds feeds, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int StepBytesMax = 64 * 1024;
    private const int DigitsMax = 20;

    /// <summary>Timers can't be set further ahead than seven weeks; a stream that lives that long is looked at once in between.</summary>
    private static readonly TimeSpan AlarmMax = TimeSpan.FromDays(40);

    private static readonly TimeSpan AlarmAgain = TimeSpan.FromSeconds(1);

    private static readonly ReadOnlyMemory<byte> Comment = ":\n\n"u8.ToArray();

    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>Streams at the reader's pace, or tells why not.</summary>
    public async ValueTask<Refusal?> WriteAsync(
        HttpContext http,
        string channelId,
        EventQuery wanted,
        Func<Action?, AccessLease> watch
    )
    {
        if (!AfterOf(http, wanted).TryGet(out var after, out var refusal))
            return refusal;
        using var live = new LiveFeed(feeds, channelId, after, wanted.LogId, watch);
        // Opened before anything is written, so that a refusal is still a problem.
        if (await live.OpenAsync(http.RequestAborted) is { } elsewhere)
            return elsewhere;
        using var gone = http.RequestAborted.UnsafeRegister(static live => ((LiveFeed)live!).Interrupt(), live);
        using var stopping = lifetime.ApplicationStopping.UnsafeRegister(static live => ((LiveFeed)live!).Interrupt(), live);
        await using var expiry = ExpiryAlarm(live);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync(http, Comment);
        await FollowAsync(http, live);
        return null;
    }

    private async Task FollowAsync(HttpContext http, LiveFeed live)
    {
        using var comments = new PeriodicTimer(CommentEvery, time);
        var comment = comments.WaitForNextTickAsync().AsTask();
        while (!http.RequestAborted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            var next = live.NextAsync(StepBytesMax, http.RequestAborted).AsTask();
            while (await Task.WhenAny(next, comment) != next)
            {
                await WriteAsync(http, Comment);
                comment = comments.WaitForNextTickAsync().AsTask();
            }

            var step = await next;
            if (!step.IsOk || live.HasEnded)
                return;
            // Off the publisher's thread before anything is written.
            await Task.Yield();
            Write(http.Response.BodyWriter, step.Value);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private static void Write(PipeWriter to, EventSlice events)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        for (var i = 0; i < events.Count; i++)
        {
            Utf8Formatter.TryFormat(events.FirstSeq + i, digits, out var length);
            to.Write("id: "u8);
            to.Write(digits[..length]);
            to.Write("\ndata: "u8);
            to.Write(events.Body(i).Span);
            to.Write("\n\n"u8);
        }
    }

    private static async ValueTask WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes) =>
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);

    private static Outcome<long> AfterOf(HttpContext http, EventQuery wanted)
    {
        var header = http.Request.Headers["Last-Event-ID"];
        if (header.Count == 0)
            return wanted.After;
        return header.Count == 1 && long.TryParse(header[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : new Refusal(ErrorCodes.InvalidCursor, "Last-Event-ID is not a channel_seq; send the last id that the stream gave.");
    }

    private ITimer? ExpiryAlarm(LiveFeed live)
    {
        if (live.ExpiresAt is not { } end)
            return null;
        // A timer cuts off what lies below a millisecond and keeps another clock: it looks a little later, and again until the stream has ended.
        var due = Math.Clamp((end - time.GetUtcNow()).Ticks + TimeSpan.TicksPerMillisecond, 0, AlarmMax.Ticks);
        return time.CreateTimer(static live => ((LiveFeed)live!).Interrupt(), live, TimeSpan.FromTicks(due), AlarmAgain);
    }
}
