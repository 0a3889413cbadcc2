using Ams.Actors.Persistence;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Auth;

/// <summary>The right of one live use of a token to go on. Its holder asks <see cref="InDoubt"/> before it gives anything out (one read and, for a
/// token with an end, a look at the clock) and, if so, <see cref="JudgeAsync(CancellationToken)"/>: nothing is delivered between a change and its judgement.</summary>
internal sealed class AccessLease : IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    private readonly AccessWatch _watch;
    private readonly Action? _onDoubt;
    private int _changes = 1;
    private int _judged;

    internal AccessLease(AccessWatch watch, Caller caller, string token, Scopes scope, string? channelId, Action? onDoubt)
    {
        _watch = watch;
        _onDoubt = onDoubt;
        Caller = caller;
        Token = token;
        Scope = scope;
        ChannelId = channelId;
    }

    /// <summary>Who uses the token, as of the last judgement.</summary>
    public Caller Caller { get; private set; }

    /// <summary>The channel as of the last judgement; null before it, and without one.</summary>
    public ChannelRecord? Channel { get; private set; }

    /// <summary>What is watched; null: only the token.</summary>
    public string? ChannelId { get; }

    /// <summary>True when something may have changed since the last judgement, or the token's time has passed.</summary>
    public bool InDoubt => Volatile.Read(ref _changes) != Volatile.Read(ref _judged) || HasExpired;

    internal string Token { get; }

    internal Scopes Scope { get; }

    private bool HasExpired => Caller.ExpiresAt is { } end && end <= _watch.Time.GetUtcNow();

    /// <summary>Asks again what the caller may do. Null: go on. Else end with that refusal; <c>not_found</c> for a channel that was seen before
    /// means that it was lost.</summary>
    /// <exception cref="Ams.Actors.Persistence.StoreUnavailableException">It can't be told now; it stays in doubt.</exception>
    public async ValueTask<Refusal?> JudgeAsync(CancellationToken ct)
    {
        var changes = Volatile.Read(ref _changes);
        var judgement = await _watch.JudgeAsync(this, ct);
        if (!judgement.TryGet(out var now, out var refusal))
            return refusal;
        Caller = now.Caller with { RequestId = Caller.RequestId };
        Channel = now.Channel;
        Volatile.Write(ref _judged, changes);
        return null;
    }

    /// <summary>As <see cref="JudgeAsync(CancellationToken)"/>, but asks again while it can't be told, and after <paramref name="patience"/> gives
    /// <c>store_unavailable</c>: nobody is served on memory for longer than that.</summary>
    public async ValueTask<Refusal?> JudgeAsync(TimeSpan patience)
    {
        long? since = null;
        while (true)
        {
            try
            {
                return await JudgeAsync(CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                since ??= _watch.Time.GetTimestamp();
                if (_watch.Time.GetElapsedTime(since.Value) >= patience)
                    return new Refusal(ErrorCodes.StoreUnavailable, "What the token may do can't be read now; try again later.");
            }
            await Task.Delay(RetryEvery, _watch.Time);
        }
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose() => _watch.Close(this);

    internal void Doubt()
    {
        Interlocked.Increment(ref _changes);
        _onDoubt?.Invoke();
    }

    internal bool IsConcernedBy(AccessChange change) =>
        change.Kind switch
        {
            AccessChangeKind.TokenEnded => Is(change.TokenId, Caller.TokenId),
            AccessChangeKind.PrincipalChanged => Is(change.PrincipalId, Caller.PrincipalId),
            AccessChangeKind.MembershipChanged => ChannelId is not null
                && Is(change.ChannelId, ChannelId)
                && Is(change.PrincipalId, Caller.PrincipalId),
            AccessChangeKind.ChannelChanged => ChannelId is not null && Is(change.ChannelId, ChannelId),
            _ => true,
        };

    // A change may tell too much, never too little: one that does not name whom it concerns concerns everybody.
    private static bool Is(string? named, string id) => named is null || string.Equals(named, id, StringComparison.Ordinal);
}
