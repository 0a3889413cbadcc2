using System.Runtime.CompilerServices;
using System.Text;
using Ams.Actors.Channels;
using Ams.Actors.Query;
using Ams.Actors.Sharding;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

/// <summary>One channel's log in memory, behind the seams that the routes use: enough of an engine to see what the routes ask and answer.</summary>
internal sealed class FakeChannel : IShardRegion, IReadJournal, IChannelFeeds
{
    public const string LogId = "log_1";

    private readonly Lock _lock = new();
    private readonly List<byte[]> _events = [];
    private readonly List<Feed> _feeds = [];

    /// <summary>Every command, in order.</summary>
    public List<ChannelCommand> Commands { get; } = [];

    /// <summary>What the next command is answered with; null: committed.</summary>
    public Func<ChannelCommand, ChannelReply>? Reply { get; set; }

    /// <summary>Thrown by the next reads of the log after its first page.</summary>
    public Exception? Fault { get; set; }

    public long FirstAvailable { get; set; } = 1;

    /// <summary>How many feeds are open.</summary>
    public int OpenFeeds
    {
        get
        {
            lock (_lock)
                return _feeds.Count;
        }
    }

    public long Append(string json)
    {
        Feed[] feeds;
        long seq;
        lock (_lock)
        {
            _events.Add(Encoding.UTF8.GetBytes(json));
            seq = _events.Count;
            feeds = [.. _feeds];
        }
        foreach (var feed in feeds)
            feed.Wake();
        return seq;
    }

    public void AppendMany(int count)
    {
        for (var i = 0; i < count; i++)
            Append($$"""{"n":{{i + 1}}}""");
    }

    public ValueTask<ChannelReply> AskAsync(ChannelCommand command, CancellationToken ct)
    {
        Commands.Add(command);
        ChannelReply reply =
            Reply?.Invoke(command)
            ?? command switch
            {
                PostMessage post => Commit(post.Draft),
                PostBatch batch => new BatchCommitted([.. batch.Drafts.Select(Commit)]),
                EditMessage edit => new Committed(9, null, edit.TextJson, false),
                _ => new Unchanged(default),
            };
        return ValueTask.FromResult(reply);
    }

    public ValueTask<LogHead> HeadAsync(string persistenceId, CancellationToken ct)
    {
        lock (_lock)
            return ValueTask.FromResult(new LogHead(_events.Count, FirstAvailable, LogId, _events.Count));
    }

    public ValueTask<IReadOnlyList<LogHead>> HeadsAsync(IReadOnlyList<string> persistenceIds, CancellationToken ct) =>
        throw new NotSupportedException();

    public ValueTask<EventSlice> ReadAsync(string persistenceId, long after, int eventsMax, int bytesMax, CancellationToken ct) =>
        ValueTask.FromResult(Slice(after, long.MaxValue, eventsMax));

    public async IAsyncEnumerable<EventSlice> CurrentEventsByPersistenceId(
        string persistenceId,
        long after,
        long upTo,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        for (EventSlice slice; (slice = Slice(after, upTo, 10)).Count > 0; after = slice.LastSeq)
        {
            yield return slice;
            await Task.Yield();
            if (Fault is not null)
                throw Fault;
        }
    }

    public ValueTask<MessagePage> ReadMessagesAsync(string persistenceId, MessageQuery query, CancellationToken ct)
    {
        lock (_lock)
        {
            var all = _events.Select((body, i) => new StoredMessage(i + 1, body));
            var fitting = all.Where(m => m.MessageSeq > (query.After ?? 0) && m.MessageSeq < (query.Before ?? long.MaxValue))
                .ToList();
            var page = query.After is not null ? fitting.Take(query.Limit) : fitting.TakeLast(query.Limit);
            return ValueTask.FromResult(new MessagePage([.. page], fitting.Count > query.Limit));
        }
    }

    public ValueTask<StoredMessage?> ReadMessageAsync(string persistenceId, long messageSeq, CancellationToken ct)
    {
        lock (_lock)
            return ValueTask.FromResult<StoredMessage?>(
                messageSeq <= _events.Count ? new StoredMessage(messageSeq, _events[(int)messageSeq - 1]) : null
            );
    }

    public ValueTask<long> SeqAtAsync(string persistenceId, DateTimeOffset time, CancellationToken ct) =>
        ValueTask.FromResult(3L);

    public ValueTask<Outcome<IChannelFeed>> OpenAsync(string channelId, long? after, string? logId, CancellationToken ct)
    {
        lock (_lock)
        {
            if (after > _events.Count || logId is not (null or LogId))
                return ValueTask.FromResult<Outcome<IChannelFeed>>(
                    new Refusal(ErrorCodes.InvalidCursor, "Begin again.") { HeadSeq = _events.Count, LogId = LogId }
                );
            var feed = new Feed(this, channelId, after ?? _events.Count, _events.Count);
            _feeds.Add(feed);
            return ValueTask.FromResult((Outcome<IChannelFeed>)feed);
        }
    }

    private Committed Commit(MessageDraft draft)
    {
        var seq = Append($$"""{"text":{{Encoding.UTF8.GetString(draft.TextJson.Span)}}}""");
        return new Committed(seq, $"msg_{seq}", _events[(int)seq - 1], false);
    }

    private EventSlice Slice(long after, long upTo, int eventsMax)
    {
        lock (_lock)
        {
            var bodies = _events.Take((int)Math.Min(upTo, _events.Count)).Skip((int)after).Take(eventsMax).ToList();
            var segment = new EventSegment(after + 1, bodies.Count, bodies.Sum(body => EventSegment.FrameBytes(body.Length)));
            foreach (var body in bodies)
            {
                body.CopyTo(segment.BeginAppend(body.Length));
                segment.CommitAppend(body.Length);
            }
            return segment.Slice(after + 1, int.MaxValue);
        }
    }

    private sealed class Feed(FakeChannel channel, string channelId, long after, long head) : IChannelFeed
    {
        private readonly SemaphoreSlim _signal = new(0);
        private volatile bool _stopped;
        private bool _caughtUp;

        public string ChannelId => channelId;

        public string LogId => FakeChannel.LogId;

        public long HeadAtOpen => head;

        public long Cursor { get; private set; } = after;

        public void Wake() => _signal.Release();

        public async ValueTask<FeedStep> NextAsync(int bytesMax)
        {
            while (!_stopped)
            {
                var slice = channel.Slice(Cursor, long.MaxValue, 10);
                if (slice.Count > 0)
                {
                    Cursor = slice.LastSeq;
                    return new FeedStep(slice, false, false);
                }
                if (!_caughtUp)
                {
                    _caughtUp = true;
                    return new FeedStep(default, true, false);
                }
                await _signal.WaitAsync();
            }
            return new FeedStep(default, false, true);
        }

        public void Stop()
        {
            _stopped = true;
            _signal.Release();
        }

        public void Dispose()
        {
            Stop();
            lock (channel._lock)
                channel._feeds.Remove(this);
        }
    }
}
