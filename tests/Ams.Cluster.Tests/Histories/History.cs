using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ams.Cluster.Tests.Histories;

/// <summary>One post as its client saw it. A post that was never answered has no <see cref="Answered"/>.</summary>
/// <param name="Writer">Who posted.</param>
/// <param name="Key">Its idempotency key, unique per writer.</param>
/// <param name="Begun">When the first attempt was sent, by one monotonic clock of the whole run.</param>
/// <param name="Answered">When the first acknowledgement arrived.</param>
/// <param name="Acknowledged">The bodies of all acknowledgements of this key.</param>
public sealed record PostRecord(string Writer, string Key, long Begun, long? Answered, IReadOnlyList<LogEntry> Acknowledged);

/// <summary>An event as somebody got it: its number and its bytes.</summary>
public sealed record LogEntry(long Seq, string Bytes);

/// <summary>What one connection delivered, in order, after it asked for what comes after <paramref name="After"/>.</summary>
public sealed record ReadRecord(string Reader, long After, IReadOnlyList<LogEntry> Entries);

/// <summary>A read of the head, as its client saw it.</summary>
public sealed record HeadRecord(long Begun, long Head);

/// <summary>
/// What the clients of one channel saw during a run, and the log as it was read afterwards. Clients add to it while they run; whoever judges reads it
/// when they have ended. Thread-safe.
/// </summary>
public sealed class History
{
    private readonly ConcurrentQueue<PostRecord> _posts = new();
    private readonly ConcurrentQueue<ReadRecord> _reads = new();
    private readonly ConcurrentQueue<HeadRecord> _heads = new();

    /// <summary>Every post, answered or not.</summary>
    public IReadOnlyCollection<PostRecord> Posts => _posts;

    /// <summary>Every connection of every reader.</summary>
    public IReadOnlyCollection<ReadRecord> Reads => _reads;

    /// <summary>Every read of the head.</summary>
    public IReadOnlyCollection<HeadRecord> Heads => _heads;

    /// <summary>The monotonic clock of the run.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Adds a post.</summary>
    public void Add(PostRecord post) => _posts.Enqueue(post);

    /// <summary>Adds what a connection delivered.</summary>
    public void Add(ReadRecord read) => _reads.Enqueue(read);

    /// <summary>Adds a read of the head.</summary>
    public void Add(HeadRecord head) => _heads.Enqueue(head);
}
