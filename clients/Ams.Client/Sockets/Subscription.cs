using System.Runtime.CompilerServices;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>A visible loop: connect, catch up, be live; and from the last event again when the connection ends.</summary>
internal sealed class Subscription(AmsClientOptions client, AmsHttp http, string channelId, long? after, SubscribeOptions options)
{
    /// <summary>A server that breaks the order of a log is asked again this often before the caller is told.</summary>
    private const int GapsMax = 3;

    private readonly Backoff _backoff = new(options.ReconnectDelayMin, options.ReconnectDelayMax, client.Jitter);
    private long? _last = after;
    private string? _logId = options.LogId;
    private int _gaps;
    private long _lostAt = client.Time.GetTimestamp();

    public async IAsyncEnumerable<AmsEvent> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            Tell(SubscriptionPhase.Connecting);
            var (socket, end) = await ChannelSocket.TryConnectAsync(client, http, channelId, _last, _logId, ct);
            if (socket is not null)
            {
                await using var _ = socket;
                _last ??= socket.After;
                _logId = socket.LogId ?? _logId;
                Tell(SubscriptionPhase.CatchingUp);
                while (end is null)
                {
                    switch (await socket.ReadAsync(ct))
                    {
                        case Received.LogEvent { Event: var found } when found.ChannelSeq <= _last:
                            // Seen already: an event is never given twice.
                            break;
                        case Received.LogEvent { Event: var found } when found.ChannelSeq == _last + 1:
                            _last = found.ChannelSeq;
                            Progress();
                            yield return found;
                            break;
                        case Received.LogEvent { Event: var found }:
                            end = Gap(found);
                            break;
                        case Received.Control { Frame: var frame, Json: var json }:
                            Handle(frame, json);
                            break;
                        case Received.Closed closed:
                            end = closed;
                            break;
                    }
                }
            }

            _lostAt = socket is null ? _lostAt : client.Time.GetTimestamp();
            if (end!.Code == (int)CloseCode.Normal)
            {
                yield break;
            }

            await PauseAsync(end, ct);
        }
    }

    private void Handle(ServerFrame frame, ReadOnlyMemory<byte> json)
    {
        switch (frame.Type)
        {
            case FrameTypes.CaughtUp:
                Progress();
                Tell(SubscriptionPhase.Live);
                break;
            case FrameTypes.Presence or FrameTypes.Typing or FrameTypes.Read or FrameTypes.Channel:
                options.OnSignal?.Invoke(frame.Type, json);
                break;
            default:
                // A pong has done its work by arriving; a frame of a newer server is passed over.
                break;
        }
    }

    private Received.Closed Gap(AmsEvent found)
    {
        var what = $"event {found.ChannelSeq} came after {_last}";
        return ++_gaps < GapsMax
            ? new Received.Closed(ChannelSocket.Broken, what)
            : throw new AmsProtocolException($"The log has a gap: {what}, {GapsMax} times over.");
    }

    private void Progress()
    {
        _backoff.Reset();
        _gaps = 0;
    }

    private async Task PauseAsync(Received.Closed end, CancellationToken ct)
    {
        if (!CloseCodes.ShouldReconnect(end.Code))
        {
            throw ChannelSocket.Refusal(end);
        }

        var delay = end.RetryAfter is { } asked ? _backoff.AtLeast(asked) : _backoff.Next();
        if (client.Time.GetElapsedTime(_lostAt) + delay > options.GiveUpAfter)
        {
            throw new AmsUnreachableException($"Can't reach {http.Root} any more; check that the server runs.", end.Fault);
        }

        Tell(SubscriptionPhase.Reconnecting, delay, $"{end.Code} {end.Fault?.Message ?? end.Reason}".TrimEnd());
        await Task.Delay(delay, client.Time, ct);
    }

    private void Tell(SubscriptionPhase phase, TimeSpan? delay = null, string? reason = null) =>
        options.OnState?.Invoke(new SubscriptionState(phase, _last, _logId, delay, reason));
}
