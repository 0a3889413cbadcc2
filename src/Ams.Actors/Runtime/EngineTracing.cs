using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ams.Actors.Channels;

namespace Ams.Actors.Runtime;

/// <summary>One trace from the request through the commit to the first delivery. Off, and a null check, until somebody listens to the source.</summary>
internal static class EngineTracing
{
    /// <summary>The source's name, for listeners.</summary>
    public const string SourceName = "Ams.Actors";

    /// <summary>How many commits await their first delivery at most.</summary>
    private const int AwaitedMax = 1024;

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly ConcurrentDictionary<string, Queue<Commit>> Channels = new(StringComparer.Ordinal);

    private static int _awaited;

    /// <summary>Where the caller stands in its trace; default when nobody listens.</summary>
    public static ActivityContext Here() =>
        Source.HasListeners() && Activity.Current is { Recorded: true } activity ? activity.Context : default;

    /// <summary>Tells of the commit of a turn to the trace of every ask that wrote something. Before its events are published.</summary>
    /// <param name="begunAt">When the append was handed over.</param>
    public static void Committed(string channelId, Turn turn, DateTimeOffset begunAt, TimeProvider time)
    {
        if (!Source.HasListeners())
            return;
        var now = time.GetUtcNow();
        for (var i = 0; i < turn.Settled; i++)
        {
            var parent = turn.TraceOf(i);
            if (parent == default || SeqOf(turn.ReplyAt(i)) is not { } seq)
                continue;
            using var span = Source.CreateActivity("ams.commit", ActivityKind.Internal, parent);
            if (span is null)
                continue;
            span.SetStartTime(begunAt.UtcDateTime);
            span.Start();
            span.SetTag("ams.turn.commands", turn.Count);
            span.SetEndTime(now.UtcDateTime);
            Await(channelId, new Commit(seq, span.Context, now, time));
        }
    }

    /// <summary>Tells of a delivery up to <paramref name="seq"/> to the commits that await their first.</summary>
    public static void Delivered(string channelId, long seq)
    {
        if (Volatile.Read(ref _awaited) == 0 || !Channels.TryGetValue(channelId, out var commits))
            return;
        while (TryTake(commits, seq, out var commit))
        {
            using var span = Source.CreateActivity("ams.deliver", ActivityKind.Internal, commit.Trace);
            if (span is null)
                continue;
            span.SetStartTime(commit.At.UtcDateTime);
            span.Start();
            span.SetEndTime(commit.Time.GetUtcNow().UtcDateTime);
        }
    }

    private static void Await(string channelId, Commit commit)
    {
        if (Volatile.Read(ref _awaited) >= AwaitedMax)
            Forget();
        var commits = Channels.GetOrAdd(channelId, static _ => new Queue<Commit>());
        lock (commits)
            commits.Enqueue(commit);
        Interlocked.Increment(ref _awaited);
    }

    private static bool TryTake(Queue<Commit> commits, long seq, [MaybeNullWhen(false)] out Commit commit)
    {
        lock (commits)
        {
            if (!commits.TryPeek(out commit) || commit.Seq > seq)
                return false;
            commits.Dequeue();
        }
        Interlocked.Decrement(ref _awaited);
        return true;
    }

    // Channels that nobody follows fill it up: their commits have no delivery to tell of.
    private static void Forget()
    {
        foreach (var (channelId, commits) in Channels)
        {
            lock (commits)
            {
                Interlocked.Add(ref _awaited, -commits.Count);
                commits.Clear();
            }
            Channels.TryRemove(channelId, out _);
        }
    }

    private static long? SeqOf(ChannelReply? reply) =>
        reply switch
        {
            Actors.Channels.Committed { Replayed: false } one => one.ChannelSeq,
            BatchCommitted { Items: [.., { Replayed: false } last] } => last.ChannelSeq,
            _ => null,
        };

    private sealed record Commit(long Seq, ActivityContext Trace, DateTimeOffset At, TimeProvider Time);
}
