using Ams.Actors.Channels;
using Ams.Api.Feeds.Frames;
using Ams.Api.Feeds.Sockets;
using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>The sends of one socket that are under way, answered in the order they came. Nothing runs while there are none.</summary>
/// <param name="inFlightMax">At this many the socket is not read until one is answered.</param>
internal sealed class SendPipeline(SocketConnection socket, int inFlightMax, ILogger log)
{
    private const int BatchBytesMax = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<PendingSend> _pending = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private bool _running;
    private bool _beginning;
    private bool _draining;

    /// <summary>Waits until another send may begin. Only the socket's reader calls it.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (_pending.Count < inFlightMax)
                return Task.CompletedTask;
            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Begins a send; <see cref="Add"/> or <see cref="Abandon"/> follows. False: the socket is draining, so it must not begin. Only the socket's
    /// reader calls it.</summary>
    public bool TryBegin()
    {
        lock (_lock)
            return _beginning = !_draining;
    }

    /// <summary>Lets nothing begin any more, and waits until everything that was begun is answered.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _draining = true;
            if (!_running && !_beginning)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Adds a send that has begun, or that was refused before it could.</summary>
    public void Add(PendingSend send)
    {
        lock (_lock)
        {
            _beginning = false;
            _pending.Enqueue(send);
            if (_running)
                return;
            _running = true;
        }
        _ = AnswerAsync();
    }

    /// <summary>The send that was begun came to nothing: a bug ended it.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _beginning = false;
            if (!_running)
                _idle?.TrySetResult();
        }
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (TryPeekOrStop(out var send))
            {
                await send.Reply;
                using var batch = new FrameBatch();
                while (batch.Written.Length < BatchBytesMax && TryPeek(out send) && send.Reply.IsCompleted)
                {
                    Append(batch, send, await send.Reply);
                    Take();
                }
                await socket.WriteAsync(batch.Written);
            }
        }
        catch (Exception e)
        {
            // A reply is a value; an exception is a bug. What was committed is unknown, so the client comes back and repeats with the same keys.
            FeedLog.SendFailed(log, e);
            socket.Close(CloseCode.InternalError, "Reconnect, and repeat what was not acknowledged.");
            Forget();
        }
    }

    private static void Append(FrameBatch batch, PendingSend send, ChannelReply reply)
    {
        switch (reply)
        {
            case Committed committed:
                batch.AddAck(send.Ref, committed.ChannelSeq, committed.MessageId, committed.Replayed);
                break;
            case Refused refused:
                batch.AddError(send.Ref, send.ChannelId, refused.Refusal);
                break;
            default:
                throw new InvalidOperationException($"A post was answered with {reply.GetType().Name}.");
        }
    }

    private bool TryPeek(out PendingSend send)
    {
        lock (_lock)
            return _pending.TryPeek(out send);
    }

    private bool TryPeekOrStop(out PendingSend send)
    {
        lock (_lock)
        {
            if (_pending.TryPeek(out send))
                return true;
            _running = false;
            if (!_beginning)
                _idle?.TrySetResult();
            return false;
        }
    }

    private void Take()
    {
        lock (_lock)
        {
            _pending.Dequeue();
            _room?.TrySetResult();
            _room = null;
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _pending.Clear();
            _running = false;
            _room?.TrySetResult();
            _idle?.TrySetResult();
        }
    }
}

/// <summary>A send that has begun.</summary>
/// <param name="Ref">The client's mark; null without one.</param>
/// <param name="ChannelId">On a feed: where to; null on a channel's own socket.</param>
/// <param name="Reply">The channel's answer.</param>
internal readonly record struct PendingSend(string? Ref, string? ChannelId, Task<ChannelReply> Reply);
