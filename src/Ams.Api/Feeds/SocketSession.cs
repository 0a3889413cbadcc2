using Ams.Actors.Channels;
using Ams.Actors.Persistence;
using Ams.Api.Auth;
using Ams.Api.Feeds.Frames;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Api.Messages;
using Ams.Api.RateLimits;
using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.Api.Feeds;

/// <summary>What the channel room and the feed have in common: frames in, answers out, sends in order, and an end.</summary>
internal abstract class SocketSession : ISocketSession
{
    private readonly SendPipeline _sends;
    private bool _draining;
    private int _judging;

    /// <summary>Speaks over a socket.</summary>
    protected SocketSession(FeedHost host, SocketConnection socket)
    {
        Host = host;
        Socket = socket;
        _sends = new SendPipeline(socket, host.Settings.SendsInFlightMax, host.Log);
    }

    /// <summary>What all sockets share.</summary>
    protected FeedHost Host { get; }

    /// <summary>The socket.</summary>
    protected SocketConnection Socket { get; }

    /// <summary>The right of the socket itself to go on.</summary>
    protected internal abstract AccessLease Access { get; }

    /// <summary>True on <c>/v1/feed</c>.</summary>
    protected abstract bool OnFeed { get; }

    /// <inheritdoc />
    public bool Admit(int frames) => frames == 0 || Host.FrameRates.Admit(Access.Caller.TokenId, frames);

    /// <inheritdoc />
    public async ValueTask OnTextAsync(ReadOnlyMemory<byte> message)
    {
        if (!ClientFrame.TryReadType(message.Span, out var type))
        {
            Socket.Close(CloseCode.UnreadableFrame, "Send JSON objects, one a frame.");
            return;
        }
        if (Volatile.Read(ref _draining))
            return;
        if (type is FrameTypes.Send)
            await SendAsync(message);
        else
            await OnControlAsync(type, message);
    }

    /// <summary>Answers every send that was begun, then closes with 4000 and the delay. What arrives meanwhile is not begun.</summary>
    public async Task DrainAsync(TimeSpan delay)
    {
        Volatile.Write(ref _draining, true);
        await _sends.DrainAsync();
        Socket.Close(CloseCode.Draining, ((long)delay.TotalMilliseconds).ToString());
    }

    /// <summary>Begins to judge in the background what the caller may do now; the socket is closed if it can't go on. Safe from any thread, and
    /// quick: at most one judgement runs at a time.</summary>
    public void BeginJudging()
    {
        if (Interlocked.Exchange(ref _judging, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static session => _ = session.JudgeToEndAsync(), this, preferLocal: false);
    }

    /// <summary>Judges every right that is in doubt; closes the socket, or ends a subscription, that can't go on.</summary>
    protected abstract Task JudgeAsync();

    /// <summary>Takes a frame that only one kind of socket knows. False: it is none of its frames.</summary>
    protected virtual ValueTask<bool> OnOwnControlAsync(string? type, JsonRequest frame, string? mark) =>
        ValueTask.FromResult(false);

    /// <summary>The subscription that a <c>typing</c> is about, or what stands against it.</summary>
    protected abstract Outcome<Subscription> SubscriptionOf(JsonRequest frame);

    /// <summary>To which channel a <c>send</c> goes, or what stands against it.</summary>
    protected abstract Outcome<string> TargetOf(string? channelId);

    /// <summary>Writes an <c>error</c> frame.</summary>
    protected async ValueTask FailAsync(string? mark, string? channelId, Refusal refusal)
    {
        using var batch = new FrameBatch();
        batch.AddError(mark, channelId, refusal);
        await Socket.WriteAsync(batch.Written);
    }

    private async ValueTask OnControlAsync(string? type, ReadOnlyMemory<byte> message)
    {
        if (!JsonRequest.Parse(message.ToArray()).TryGet(out var frame, out var refusal))
        {
            await FailAsync(mark: null, channelId: null, refusal);
            return;
        }
        using (frame)
        {
            _ = frame.Text("type");
            var mark = frame.Text("ref");
            switch (type)
            {
                case FrameTypes.Ping when frame.Refusal is null:
                    await PongAsync(mark);
                    return;
                case FrameTypes.Typing:
                    refusal = JudgeTyping(frame);
                    break;
                case not (null or FrameTypes.Ping) when await OnOwnControlAsync(type, frame, mark):
                    return;
                case FrameTypes.Ping:
                    refusal = frame.Refusal;
                    break;
                default:
                    refusal = Refusal.Invalid("type", OnFeed ? FeedTypes : RoomTypes);
                    break;
            }
            if (refusal is not null)
                await FailAsync(mark, channelId: null, refusal);
        }
    }

    private async Task JudgeToEndAsync()
    {
        try
        {
            await JudgeAsync();
        }
        catch (Exception e)
        {
            FeedLog.JudgementFailed(Host.Log, e);
            Socket.Close(CloseCode.InternalError, "Reconnect with the last channel_seq seen.");
        }
        Volatile.Write(ref _judging, 0);
        // A change that came meanwhile found the judge at work.
        if (Access.InDoubt && !Socket.IsClosing)
            BeginJudging();
    }

    private async ValueTask PongAsync(string? mark)
    {
        using var batch = new FrameBatch();
        batch.Add(
            FrameTypes.Pong,
            mark,
            static (json, mark) =>
            {
                if (mark is not null)
                    json.WriteString("ref"u8, mark);
            }
        );
        await Socket.WriteAsync(batch.Written);
    }

    private Refusal? JudgeTyping(JsonRequest frame)
    {
        var found = SubscriptionOf(frame);
        if (frame.Refusal is { } invalid)
            return invalid;
        if (!found.TryGet(out var subscription, out var refusal))
            return refusal;
        refusal = Admission.JudgeScope(Access.Caller, Scopes.MessagesWrite);
        if (refusal is null)
            Host.Hubs.Typing(subscription);
        return refusal;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        await _sends.WaitForRoomAsync();
        if (!_sends.TryBegin())
            return;
        try
        {
            var read = DraftReader.ReadSend(message.Span, OnFeed, out var envelope);
            var judged = await JudgeSendAsync(envelope.ChannelId, read);
            var reply = judged.TryGet(out var post, out var refusal)
                ? Host.Region.AskAsync(post, CancellationToken.None).AsTask()
                : Task.FromResult<ChannelReply>(new Refused(refusal));
            _sends.Add(new PendingSend(envelope.Ref, OnFeed ? envelope.ChannelId : null, reply));
        }
        catch
        {
            _sends.Abandon();
            throw;
        }
    }

    private async ValueTask<Outcome<PostMessage>> JudgeSendAsync(string? channelId, Outcome<MessageDraft> read)
    {
        try
        {
            while (Access.InDoubt)
            {
                if (await Access.JudgeAsync(CancellationToken.None) is { } lost)
                    return lost;
            }
            var caller = Access.Caller;
            var take = Host.Rates.TryTake(caller.TokenId, cost: 1);
            if (!take.Allowed)
                return RateLimiter.Refused(take);
            if (Admission.JudgeScope(caller, Scopes.MessagesWrite) is { } missing)
                return missing;
            if (!TargetOf(channelId).TryGet(out var target, out var refusal))
                return refusal;
            var found = await Host.Channels.GetAsync(caller, target, CancellationToken.None);
            if (!found.TryGet(out var channel, out refusal) || !read.TryGet(out var draft, out refusal))
                return refusal;
            if (draft.Mentions.Count > 0 && await JudgeMentionsAsync(caller, draft.Mentions) is { } unknown)
                return unknown;
            var author = new Author(caller.PrincipalId, caller.Name, caller.Kind) { MayModerate = caller.Role >= Role.Admin };
            return new PostMessage(target, author, new ChannelPolicy(channel.ArchivedAt is not null, channel.MaxHops), draft);
        }
        catch (StoreUnavailableException)
        {
            return new Refusal(ErrorCodes.StoreUnavailable, "The store does not answer; repeat the send with the same key.");
        }
    }

    private async ValueTask<Refusal?> JudgeMentionsAsync(Caller caller, IReadOnlyList<string> mentions) =>
        await Host.Principals.FirstUnknownAsync(caller.WorkspaceId, mentions, CancellationToken.None) is { } unknown
            ? Refusal.Invalid("mentions", $"There is no principal {unknown} in this workspace; mention those that are.")
            : null;

    private const string RoomTypes = "There is no such frame; send one of: send, ping, typing.";
    private const string FeedTypes = "There is no such frame; send one of: subscribe, unsubscribe, send, ping, typing.";
}
