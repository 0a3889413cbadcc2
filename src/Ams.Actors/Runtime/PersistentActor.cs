using Ams.Actors.Channels;
using Microsoft.Extensions.Logging;

namespace Ams.Actors.Runtime;

/// <summary>
/// One writer: takes what waits, carries it out as one turn at a time, replies after the commit, and goes when it is idle.
/// Nothing lingers to fill a turn: while one commits, the next one gathers.
/// </summary>
internal abstract class PersistentActor : IThreadPoolWorkItem
{
    private readonly ActorSettings _settings;
    private readonly Mailbox _mailbox;
    private readonly ReplyPump _replies = new();
    private readonly List<Ask> _backlog = [];
    private int _running;
    private long _lastActive;
    private volatile TaskCompletionSource? _stopping;
    private volatile bool _stopped;

    protected PersistentActor(string persistenceId, ActorSettings settings)
    {
        PersistenceId = persistenceId;
        _settings = settings;
        _mailbox = new Mailbox(settings.Options.MailboxAsksMax, settings.Options.MailboxBytesMax);
        _lastActive = settings.Time.GetTimestamp();
    }

    /// <summary>The log it writes.</summary>
    public string PersistenceId { get; }

    /// <summary>How many asks are accepted and not settled.</summary>
    public int Waiting => _mailbox.Depth;

    /// <summary>Accepts an ask, or refuses it at once when too much waits. <see cref="MailboxResult.Closed"/>: this actor is gone, make another.</summary>
    public MailboxResult Tell(Ask ask)
    {
        var result = _mailbox.Post(ask);
        if (result == MailboxResult.Accepted)
            Schedule();
        return result;
    }

    /// <summary>Stops the actor if it is idle, nothing waits, and nothing came for <paramref name="idleFor"/>. True: it is gone.</summary>
    public bool TryPassivate(TimeSpan idleFor)
    {
        if (Volatile.Read(ref _running) != 0 || _settings.Time.GetElapsedTime(Volatile.Read(ref _lastActive)) < idleFor)
            return false;
        if (Interlocked.CompareExchange(ref _running, 1, 0) != 0)
            return false;
        // From here on this thread runs the actor, until it closes the mailbox for good or gives the run back.
        if (TryEnd())
            return true;
        _settings.Dispatcher.Execute(this);
        return false;
    }

    /// <summary>Completes once everything accepted is answered and nothing more can be.</summary>
    public Task StopAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stopping = Interlocked.CompareExchange(ref _stopping, stopping, null) ?? stopping;
        if (_stopped)
            stopping.TrySetResult();
        else
            Schedule();
        return stopping.Task;
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    /// <summary>Carries the asks out, from the first on, and settles each one's reply. May leave a rest for the next turn.</summary>
    protected abstract ValueTask TurnAsync(Turn turn);

    /// <summary>Drops what the actor holds in memory, so that it recovers before it decides again.</summary>
    protected abstract void Forget();

    private void Schedule()
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0)
            _settings.Dispatcher.Execute(this);
    }

    private async Task RunAsync()
    {
        _mailbox.TakeAll(_backlog);
        if (_backlog.Count > 0)
        {
            var turn = Turn.Take(_backlog, _settings.Options.TurnEventsMax, _settings.Options.TurnBytesMax);
            await CarryOutAsync(turn);
            _backlog.RemoveRange(0, turn.Settled);
            _mailbox.Release(turn.Settled, turn.SettledBytes);
            turn.Measure(_settings.Time);
            Volatile.Write(ref _lastActive, _settings.Time.GetTimestamp());

            // When others wait already, their turn begins on another thread while this one replies. When nobody does, the replies come
            // first: they bring the next asks, and a turn for the first of them alone would make the rest wait for a commit of one.
            if (_backlog.Count > 0 || !_mailbox.IsEmpty)
            {
                _settings.Dispatcher.Execute(this);
                _replies.Send(turn);
                return;
            }
            _replies.Send(turn);
        }
        GiveBack();
    }

    private async ValueTask CarryOutAsync(Turn turn)
    {
        try
        {
            await TurnAsync(turn);
        }
        catch (Exception exception)
        {
            // A bug, and it is unknown how far it got: as after an ambiguous commit, the asks are told to repeat with the same key.
            EngineLog.TurnFailed(_settings.Log, PersistenceId, exception);
            Forget();
            turn.SettleAll(new Refused(Refusals.StoreUnavailable));
        }
    }

    private void GiveBack()
    {
        if (_stopping is not null && TryEnd())
            return;
        Volatile.Write(ref _running, 0);
        Interlocked.MemoryBarrier();
        if (!_mailbox.IsEmpty || _stopping is not null)
            Schedule();
    }

    private bool TryEnd()
    {
        if (!_mailbox.TryClose())
            return false;
        _stopped = true;
        Interlocked.MemoryBarrier();
        _stopping?.TrySetResult();
        return true;
    }
}
