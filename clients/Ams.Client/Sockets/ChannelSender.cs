using System.Text.Json;
using System.Threading.Channels;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Many posts in flight at once to one channel, over one socket that is made again when it ends; what is not acknowledged is then sent again
/// with the same keys, in the same order. Safe for concurrent use. A post that the server refuses for the moment (<c>rate_limited</c>) is repeated
/// later by itself, and so comes after those handed over behind it.</summary>
public sealed class ChannelSender : IAsyncDisposable
{
    /// <summary>Posts in flight before <see cref="SendAsync"/> waits.</summary>
    public const int InFlightMax = 256;

    private readonly AmsClientOptions _client;
    private readonly AmsHttp _http;
    private readonly string _channelId;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Pending> _unacknowledged = [];
    private readonly SemaphoreSlim _room = new(InFlightMax, InFlightMax);
    private readonly CancellationTokenSource _stop = new();
    private Channel<Pending>? _outbound;
    private long _lastRef;
    private Task? _running;
    private AmsException? _ended;

    internal ChannelSender(AmsClientOptions client, AmsHttp http, string channelId)
    {
        _client = client;
        _http = http;
        _channelId = channelId;
    }

    /// <summary>Posts a message. Waits for room, then for the acknowledgement: it is committed with fsync, at this number, for good.</summary>
    /// <param name="ct">Ends the waiting; the message may be committed all the same.</param>
    /// <exception cref="AmsException">It was refused, or not acknowledged within <see cref="RetryOptions.TotalTime"/>.</exception>
    /// <exception cref="ObjectDisposedException">The sender was closed.</exception>
    public async Task<Sent> SendAsync(NewMessage message, CancellationToken ct = default)
    {
        await _room.WaitAsync(ct);
        Pending pending;
        lock (_gate)
        {
            if (_ended is not null || _stop.IsCancellationRequested)
            {
                _room.Release();
                throw _ended ?? (Exception)new ObjectDisposedException(nameof(ChannelSender));
            }

            pending = new Pending(++_lastRef, message, _client.Time.GetTimestamp());
            _unacknowledged.Add(pending.Ref, pending);
            _outbound?.Writer.TryWrite(pending);
            _running ??= Task.Run(RunAsync, CancellationToken.None);
        }

        return await pending.Answer.Task.WaitAsync(ct);
    }

    /// <summary>Closes the socket. Posts not yet acknowledged end with an <see cref="AmsUnreachableException"/>: await them first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        _stop.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = _http.NewBackoff();
        AmsException? end = null;
        try
        {
            while (end is null)
            {
                var closed = await ConnectAndServeAsync(backoff, _stop.Token);
                if (!CloseCodes.ShouldReconnect(closed.Code))
                {
                    end = ChannelSocket.Refusal(closed);
                    break;
                }

                var delay = closed.RetryAfter is { } asked ? backoff.AtLeast(asked) : backoff.Next();
                GiveUpOld(delay);
                await Task.Delay(delay, _client.Time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            end = new AmsUnreachableException("The sender was closed before this was acknowledged.");
        }
        catch (AmsException fault)
        {
            end = fault;
        }

        Pending[] left;
        lock (_gate)
        {
            _ended = end;
            left = [.. _unacknowledged.Values];
            _unacknowledged.Clear();
        }

        foreach (var pending in left)
        {
            Fail(pending, end!);
        }
    }

    private async Task<Received.Closed> ConnectAndServeAsync(Backoff backoff, CancellationToken ct)
    {
        var (socket, end) = await ChannelSocket.TryConnectAsync(_client, _http, _channelId, null, null, ct);
        if (socket is null)
        {
            return end!;
        }

        await using var _ = socket;
        var outbound = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var pending in _unacknowledged.Values)
            {
                outbound.Writer.TryWrite(pending);
            }

            _outbound = outbound;
        }

        var writing = WriteAsync(socket, outbound.Reader, ct);
        try
        {
            while (true)
            {
                switch (await socket.ReadAsync(ct))
                {
                    case Received.Closed closed:
                        return closed;
                    case Received.Control { Frame: { Ref: { } reference } frame }:
                        backoff.Reset();
                        Settle(long.Parse(reference), frame, ct);
                        break;
                    default:
                        // Events are for subscriptions.
                        break;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _outbound = null;
            }

            outbound.Writer.Complete();
            await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WriteAsync(ChannelSocket socket, ChannelReader<Pending> outbound, CancellationToken ct)
    {
        await foreach (var pending in outbound.ReadAllAsync(ct))
        {
            await socket.SendAsync(pending.Frame, ct);
        }
    }

    private void Settle(long reference, ServerFrame frame, CancellationToken ct)
    {
        Pending? pending;
        lock (_gate)
        {
            if (!_unacknowledged.TryGetValue(reference, out pending))
            {
                return;
            }

            if (frame is { Type: FrameTypes.Error, Retryable: true } && !IsOld(pending, TimeSpan.Zero))
            {
                _ = RepeatLaterAsync(pending, ct);
                return;
            }

            _unacknowledged.Remove(reference);
        }

        if (frame is { Type: FrameTypes.Ack, ChannelSeq: { } seq })
        {
            _room.Release();
            pending.Answer.TrySetResult(new Sent(seq, frame.Id ?? "", frame.Replayed ?? false, pending.Key));
            return;
        }

        var code = frame.Code ?? "unknown";
        var known = ErrorCodes.ByCode.GetValueOrDefault(code);
        Fail(
            pending,
            new AmsException(
                new Problem(
                    $"/problems/{code}",
                    known?.Title ?? code,
                    known?.Status ?? 0,
                    frame.Detail ?? "The post was refused.",
                    code,
                    "",
                    frame.Retryable ?? false
                )
            )
        );
    }

    private async Task RepeatLaterAsync(Pending pending, CancellationToken ct)
    {
        try
        {
            await Task.Delay(pending.Backoff(_http).Next(), _client.Time, ct);
        }
        catch (OperationCanceledException)
        {
            // The sender is closing; RunAsync ends every post that is left.
            return;
        }

        lock (_gate)
        {
            if (_unacknowledged.ContainsKey(pending.Ref))
            {
                _outbound?.Writer.TryWrite(pending);
            }
        }
    }

    private void GiveUpOld(TimeSpan delay)
    {
        Pending[] old;
        lock (_gate)
        {
            old = [.. _unacknowledged.Values.Where(pending => IsOld(pending, delay))];
            foreach (var pending in old)
            {
                _unacknowledged.Remove(pending.Ref);
            }
        }

        foreach (var pending in old)
        {
            Fail(
                pending,
                new AmsUnreachableException($"{_http.Root} did not acknowledge in time; post it again with key {pending.Key}.")
            );
        }
    }

    private bool IsOld(Pending pending, TimeSpan delay) =>
        _client.Time.GetElapsedTime(pending.Started) + delay > _client.Retry.TotalTime;

    private void Fail(Pending pending, AmsException fault)
    {
        _room.Release();
        pending.Answer.TrySetException(fault);
    }

    private sealed class Pending
    {
        private Backoff? _backoff;

        public Pending(long reference, NewMessage message, long started)
        {
            Ref = reference;
            Key = message.IdempotencyKey ?? NewMessage.NewKey();
            Started = started;
            Frame = JsonSerializer.SerializeToUtf8Bytes(
                new SendFrame(
                    reference.ToString(),
                    Key,
                    message.Text,
                    message.Payload,
                    message.ReplyTo,
                    message.Mentions,
                    message.Cause,
                    message.ExpectedHeadSeq,
                    message.IfUnanswered
                ),
                ClientJson.Default.SendFrame
            );
        }

        public long Ref { get; }

        public string Key { get; }

        public long Started { get; }

        public byte[] Frame { get; }

        public TaskCompletionSource<Sent> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Backoff Backoff(AmsHttp http) => _backoff ??= http.NewBackoff();
    }
}

/// <summary>A message that is committed, as a socket acknowledges it.</summary>
/// <param name="ChannelSeq">Its number.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Replayed">True when the key had been used by the same request: nothing new was committed.</param>
/// <param name="IdempotencyKey">The key that was sent.</param>
public sealed record Sent(long ChannelSeq, string Id, bool Replayed, string IdempotencyKey);
