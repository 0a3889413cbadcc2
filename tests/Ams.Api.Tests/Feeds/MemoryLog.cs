using System.Collections.Concurrent;
using System.Text;
using Ams.Actors.Channels;
using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Actors.Sharding;
using Ams.Contracts;

namespace Ams.Api.Tests.Feeds;

/// <summary>Logs in memory behind the engine's seams, so that the sockets are tested alone and every fault can be caused at will.</summary>
internal sealed class MemoryLog : IChannelFeeds, IShardRegion
{
    public const string LogId = "log_1";

    private readonly ConcurrentDictionary<string, Log> _logs = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Commands that were asked, in order.</summary>
    public ConcurrentQueue<PostMessage> Asked { get; } = new();

    /// <summary>While set, posts wait for it before they are committed.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>While true, logs can't be read.</summary>
    public bool IsUnreadable { get; set; }

    public long Append(string channelId, string text) => LogOf(channelId).Append(channelId, text);

    public ValueTask<Outcome<IChannelFeed>> OpenAsync(string channelId, long? after, string? logId, CancellationToken ct)
    {
        if (IsUnreadable)
            throw new StoreUnavailableException("unreadable");
        var log = LogOf(channelId);
        var head = log.Head;
        if (after > head || (logId is not null && logId != LogId))
        {
            var refusal = new Refusal(ErrorCodes.InvalidCursor, "Start again.") { HeadSeq = head, LogId = LogId };
            return ValueTask.FromResult<Outcome<IChannelFeed>>(refusal);
        }
        return ValueTask.FromResult<Outcome<IChannelFeed>>(new Feed(this, log, channelId, after ?? head, head));
    }

    public ValueTask<ChannelReply> AskAsync(ChannelCommand command, CancellationToken ct)
    {
        var post = (PostMessage)command;
        lock (Asked)
        {
            Asked.Enqueue(post);
            var reply = CommitAsync(post, after: _last);
            _last = reply;
            return new ValueTask<ChannelReply>(reply);
        }
    }

    private async Task<ChannelReply> CommitAsync(PostMessage post, Task after)
    {
        await after;
        await Held;
        if (post.Policy.Archived)
            return new Refused(new Refusal(ErrorCodes.ChannelArchived, "Unarchive it first."));
        var text = Encoding.UTF8.GetString(post.Draft.TextJson.Span).Trim('"');
        var seq = Append(post.ChannelId, text);
        return new Committed(seq, $"msg_{seq}", default, Replayed: false);
    }

    private Log LogOf(string channelId) => _logs.GetOrAdd(channelId, static _ => new Log());

    private sealed class Log
    {
        private readonly Lock _lock = new();
        private readonly List<EventSegment> _segments = [new(1, 4096, 1 << 20)];
        private readonly List<Feed> _waiting = [];

        public long Head
        {
            get
            {
                lock (_lock)
                    return _segments[^1].LastSeq;
            }
        }

        public long Append(string channelId, string text)
        {
            Feed[] woken;
            long seq;
            lock (_lock)
            {
                seq = _segments[^1].LastSeq + 1;
                var body = Encoding.UTF8.GetBytes(
                    $$"""{"type":"message.created","channel_id":"{{channelId}}","channel_seq":{{seq}},"id":"msg_{{seq}}","text":"{{text}}"}"""
                );
                if (!_segments[^1].TryAppend(body))
                {
                    _segments.Add(new EventSegment(seq, 4096, Math.Max(1 << 20, EventSegment.FrameBytes(body.Length))));
                    _segments[^1].TryAppend(body).ShouldBeTrue();
                }
                woken = [.. _waiting];
                _waiting.Clear();
            }
            foreach (var feed in woken)
                feed.Wake();
            return seq;
        }

        public EventSlice Read(long from, int bytesMax, Feed reader)
        {
            lock (_lock)
            {
                var segment = _segments.FindLast(at => at.FirstSeq <= from) ?? _segments[0];
                var slice = segment.Slice(from, bytesMax);
                if (slice.Count == 0)
                    _waiting.Add(reader);
                return slice;
            }
        }

        public void Forget(Feed feed)
        {
            lock (_lock)
                _waiting.Remove(feed);
        }
    }

    private sealed class Feed(MemoryLog owner, Log log, string channelId, long after, long head) : IChannelFeed
    {
        private TaskCompletionSource _wake = new();
        private bool _live;
        private volatile bool _stopped;

        public string ChannelId => channelId;
        public string LogId => MemoryLog.LogId;
        public long HeadAtOpen => head;
        public long Cursor { get; private set; } = after;

        public async ValueTask<FeedStep> NextAsync(int bytesMax)
        {
            while (true)
            {
                if (_stopped)
                    return new FeedStep(default, false, true);
                if (owner.IsUnreadable)
                    throw new StoreUnavailableException("unreadable");
                _wake = new TaskCompletionSource();
                var slice = log.Read(Cursor + 1, bytesMax, this);
                if (slice.Count > 0)
                {
                    Cursor = slice.LastSeq;
                    return new FeedStep(slice, false, false);
                }
                if (!_live)
                {
                    _live = true;
                    return new FeedStep(default, true, false);
                }
                if (_stopped)
                    continue;
                await _wake.Task;
            }
        }

        public void Wake() => _wake.TrySetResult();

        public void Stop()
        {
            _stopped = true;
            _wake.TrySetResult();
        }

        public void Dispose()
        {
            Stop();
            log.Forget(this);
        }
    }
}
