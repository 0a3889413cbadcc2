using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>The long poll: a page at once if there is one, else the one that the next event makes, else an empty one at the end of the time.</summary>
internal sealed class EventPoll(IReadJournal journal, IChannelFeeds feeds, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Answers with a page, or tells why not: also when the caller loses its access while it waits.</summary>
    public async ValueTask<Refusal?> WriteAsync(
        HttpContext http,
        string channelId,
        EventQuery wanted,
        Func<Action?, AccessLease> watch
    )
    {
        var until = time.GetUtcNow() + wanted.Wait!.Value;
        using var live = new LiveFeed(feeds, channelId, wanted.After, wanted.LogId, watch);
        await using var alarm = time.CreateTimer(
            static live => ((LiveFeed)live!).Interrupt(),
            live,
            DueIn(until, live),
            Timeout.InfiniteTimeSpan
        );
        using var gone = http.RequestAborted.UnsafeRegister(static live => ((LiveFeed)live!).Interrupt(), live);
        using var stopping = lifetime.ApplicationStopping.UnsafeRegister(static live => ((LiveFeed)live!).Interrupt(), live);
        while (true)
        {
            var read = await EventPage.ReadAsync(http, channelId, wanted, journal);
            if (!read.TryGet(out var page, out var refusal))
                return refusal;
            if (page.Events.Count > 0 || lifetime.ApplicationStopping.IsCancellationRequested || time.GetUtcNow() >= until)
            {
                await EventPage.WriteAsync(http, wanted.After, page);
                return null;
            }

            // What comes is only a hint; the page is read again, with the head that belongs to it.
            var next = await live.NextAsync(1, http.RequestAborted);
            if (next.Refusal is { } lost)
                return lost;
            http.RequestAborted.ThrowIfCancellationRequested();
            if (live.HasEnded)
                until = DateTimeOffset.MinValue;
            alarm.Change(DueIn(until, live), Timeout.InfiniteTimeSpan);
            // Off the publisher's thread before anything is read or written.
            await Task.Yield();
        }
    }

    private TimeSpan DueIn(DateTimeOffset until, LiveFeed live)
    {
        var end = live.ExpiresAt is { } expires && expires < until ? expires : until;
        var due = end - time.GetUtcNow();
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }
}
