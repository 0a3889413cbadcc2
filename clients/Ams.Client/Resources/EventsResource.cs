using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Reading logs over HTTP. For live events, <see cref="AmsClient.SubscribeAsync"/>.</summary>
public sealed class EventsResource
{
    private readonly AmsHttp _http;
    private readonly AmsClientOptions _options;

    internal EventsResource(AmsHttp http, AmsClientOptions options)
    {
        _http = http;
        _options = options;
    }

    /// <summary>A page of the log.</summary>
    /// <param name="channelId">The channel.</param>
    /// <param name="after">The number of the last event that the caller has; 0: from the beginning.</param>
    /// <param name="limit">1 to 1000; null: 100.</param>
    /// <param name="wait">1 to 60 s, whole seconds: if there is nothing to give, wait so long for the next event (long poll).</param>
    /// <param name="logId">The log that <paramref name="after"/> was read from, so that another one is told from it.</param>
    public async Task<LogPage<AmsEvent>> PageAsync(
        string channelId,
        long after = 0,
        int? limit = null,
        TimeSpan? wait = null,
        string? logId = null,
        CancellationToken ct = default
    )
    {
        var query = new Query($"{ChannelsResource.Path(channelId)}/events").Add("after", after).Add("limit", limit);
        var path = query.Add("wait", wait is { } time ? (long)time.TotalSeconds : null).Add("log_id", logId).ToString();
        var call = new Call(HttpMethod.Get, path) { ExtraTime = wait ?? TimeSpan.Zero };
        return LogPage<AmsEvent>.Read((await _http.SendAsync(call, ct)).Body, json => new AmsEvent(json));
    }

    /// <summary>Everything after a position, up to the head at the time of the last page, page by page; a page that fails is asked for again.</summary>
    /// <param name="after">The number of the last event that the caller has; 0: from the beginning.</param>
    /// <param name="count">At most so many events; null: all.</param>
    public async IAsyncEnumerable<AmsEvent> ReplayAsync(
        string channelId,
        long after = 0,
        long? count = null,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        string? logId = null;
        var left = count ?? long.MaxValue;
        while (left > 0)
        {
            var page = await PageAsync(channelId, after, (int)Math.Min(left, Limits.PageMax), null, logId, ct);
            logId = page.LogId;
            foreach (var item in page.Items)
            {
                Order.MustFollow(after, item);
                after = item.ChannelSeq;
                left--;
                yield return item;
            }

            if (!page.HasMore || page.Items.Count == 0)
            {
                yield break;
            }
        }
    }

    /// <summary>Everything after a position, up to the head at the time of asking, as one stream: the fastest way to read a long log. If the stream
    /// breaks, it is resumed from the last event.</summary>
    public async IAsyncEnumerable<AmsEvent> StreamAsync(
        string channelId,
        long after = 0,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        var backoff = _http.NewBackoff();
        var started = _options.Time.GetTimestamp();
        while (true)
        {
            var lines = LinesAsync(channelId, after, ct).GetAsyncEnumerator(ct);
            await using var _ = lines;
            AmsException? fault = null;
            while (true)
            {
                try
                {
                    if (!await lines.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (AmsException broken) when (broken.Retryable)
                {
                    fault = broken;
                    break;
                }

                Order.MustFollow(after, lines.Current);
                after = lines.Current.ChannelSeq;
                backoff.Reset();
                started = _options.Time.GetTimestamp();
                yield return lines.Current;
            }

            var delay = fault.RetryAfter is { } asked ? backoff.AtLeast(asked) : backoff.Next();
            if (_options.Time.GetElapsedTime(started) + delay > _options.Retry.TotalTime)
            {
                throw fault;
            }

            await Task.Delay(delay, _options.Time, ct);
        }
    }

    /// <summary>The number of the last event at or before a time; 0 if there is none.</summary>
    public async Task<long> SeqAtAsync(string channelId, DateTimeOffset at, CancellationToken ct = default)
    {
        var path = new Query($"{ChannelsResource.Path(channelId)}/seq").Add("at", at).ToString();
        return (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(ClientJson.Default.SeqAt).ChannelSeq;
    }

    private async IAsyncEnumerable<AmsEvent> LinesAsync(
        string channelId,
        long after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var path = new Query($"{ChannelsResource.Path(channelId)}/events").Add("after", after).ToString();
        using var response = await _http.OpenAsync(new Call(HttpMethod.Get, path) { Accept = "application/x-ndjson" }, ct);
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(ct));
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(ct);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                throw new AmsUnreachableException($"The stream from {_http.Root} broke: {broken.Message}", broken);
            }

            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return new AmsEvent(rest.Slice(0, end).ToArray());
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                yield break;
            }
        }
    }
}

/// <summary>The promise of every log: the numbers go up by exactly one.</summary>
internal static class Order
{
    /// <exception cref="AmsProtocolException">There is a gap, or a repeat.</exception>
    public static void MustFollow(long after, AmsEvent item)
    {
        // A replay from before what retention kept is refused by the server; within an answer numbers never jump.
        if (item.ChannelSeq != after + 1)
        {
            throw new AmsProtocolException($"After event {after} came {item.ChannelSeq}; the log has a gap or a repeat.");
        }
    }
}
