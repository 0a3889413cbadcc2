using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Ams.Actors.Channels;

namespace Ams.Actors.Runtime;

/// <summary>One command on its way and the promise of its reply: mailbox entry, completion and awaitable in a single object.</summary>
internal sealed class Ask : IValueTaskSource<ChannelReply>
{
    private ManualResetValueTaskSourceCore<ChannelReply> _core;
    private CancellationTokenRegistration _cancellation;
    private int _completed;

    /// <param name="askedAt">When it came, as the clock's timestamp.</param>
    /// <param name="trace">The request's place in its trace; default: it is in none.</param>
    public Ask(ChannelCommand command, long askedAt = 0, ActivityContext trace = default)
    {
        Command = command;
        AskedAt = askedAt;
        Trace = trace;
        (Events, Bytes) = Weigh(command);
    }

    /// <summary>What is asked.</summary>
    public ChannelCommand Command { get; }

    /// <summary>When it came, as the clock's timestamp.</summary>
    public long AskedAt { get; }

    /// <summary>The request's place in its trace; default: it is in none.</summary>
    public ActivityContext Trace { get; }

    /// <summary>About how many events it can lead to.</summary>
    public int Events { get; }

    /// <summary>About how many bytes of content it holds.</summary>
    public int Bytes { get; }

    /// <summary>The entry that came before; the mailbox's own.</summary>
    internal Ask? Previous { get; set; }

    /// <summary>The reply. May be awaited once.</summary>
    public ValueTask<ChannelReply> Reply => new(this, _core.Version);

    /// <summary>Stops the wait, not the work, when <paramref name="ct"/> is cancelled.</summary>
    public void StopWaitingOn(CancellationToken ct)
    {
        if (ct.CanBeCanceled)
            _cancellation = ct.UnsafeRegister(
                static (ask, token) => ((Ask)ask!).Fail(new OperationCanceledException(token)),
                this
            );
    }

    /// <summary>Answers. The caller's continuation runs here.</summary>
    public void Complete(ChannelReply reply)
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
            return;
        _cancellation.Unregister();
        _core.SetResult(reply);
    }

    /// <summary>Ends the wait with an exception: a bug, or the caller's own cancellation.</summary>
    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
            return;
        _cancellation.Unregister();
        _core.SetException(exception);
    }

    ChannelReply IValueTaskSource<ChannelReply>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ChannelReply>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ChannelReply>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    private static (int Events, int Bytes) Weigh(ChannelCommand command) =>
        command switch
        {
            PostMessage post => (1, Weigh(post.Draft)),
            PostBatch batch => (batch.Drafts.Count, batch.Drafts.Sum(Weigh)),
            EditMessage edit => (1, edit.TextJson.Length + edit.PayloadJson.Length),
            _ => (1, 0),
        };

    private static int Weigh(MessageDraft draft) => draft.TextJson.Length + draft.PayloadJson.Length;
}
