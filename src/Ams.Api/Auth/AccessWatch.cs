using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Auth;

/// <summary>Keeps what is live (sockets, streams, long polls) within what its caller may do now. Safe for concurrent use.</summary>
internal sealed class AccessWatch : IDisposable
{
    private readonly IAuthenticator _authenticator;
    private readonly IChannels _channels;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<AccessLease>> _byWorkspace = new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    public AccessWatch(IAccessChanges changes, IAuthenticator authenticator, IChannels channels, TimeProvider time)
    {
        _authenticator = authenticator;
        _channels = channels;
        _time = time;
        _subscription = changes.Subscribe(OnChange);
    }

    /// <summary>Watches over one live use of a token. It begins in doubt: judge it before anything is given out, so that no change falls between.</summary>
    /// <param name="caller">As authenticated from <paramref name="token"/>.</param>
    /// <param name="scope">What the token must keep.</param>
    /// <param name="channelId">What the caller must go on seeing; null: no channel.</param>
    /// <param name="onDoubt">Called for every change that may concern it, on the thread of the change, before that change is answered. Must be
    /// quick and must not throw; null: the holder asks <see cref="AccessLease.InDoubt"/> often enough.</param>
    public AccessLease Open(Caller caller, string token, Scopes scope, string? channelId, Action? onDoubt = null)
    {
        var lease = new AccessLease(this, caller, token, scope, channelId, onDoubt);
        lock (_lock)
        {
            if (!_byWorkspace.TryGetValue(caller.WorkspaceId, out var leases))
                _byWorkspace.Add(caller.WorkspaceId, leases = []);
            leases.Add(lease);
        }
        return lease;
    }

    /// <inheritdoc />
    public void Dispose() => _subscription.Dispose();

    internal TimeProvider Time => _time;

    internal async ValueTask<Outcome<(Caller Caller, ChannelRecord? Channel)>> JudgeAsync(AccessLease lease, CancellationToken ct)
    {
        var authenticated = await _authenticator.AuthenticateAsync(lease.Token, ct);
        if (!authenticated.TryGet(out var caller, out var refusal))
            return refusal;
        if (Admission.JudgeScope(caller, lease.Scope) is { } missing)
            return missing;
        if (lease.ChannelId is null)
            return (caller, null);
        var found = await _channels.GetAsync(caller, lease.ChannelId, ct);
        return found.TryGet(out var channel, out refusal) ? (caller, channel) : refusal;
    }

    internal void Close(AccessLease lease)
    {
        lock (_lock)
        {
            if (!_byWorkspace.TryGetValue(lease.Caller.WorkspaceId, out var leases))
                return;
            leases.Remove(lease);
            if (leases.Count == 0)
                _byWorkspace.Remove(lease.Caller.WorkspaceId);
        }
    }

    private void OnChange(AccessChange change)
    {
        AccessLease[] concerned;
        lock (_lock)
        {
            if (!_byWorkspace.TryGetValue(change.WorkspaceId, out var leases))
                return;
            concerned = [.. leases.Where(lease => lease.IsConcernedBy(change))];
        }
        foreach (var lease in concerned)
            lease.Doubt();
    }
}
