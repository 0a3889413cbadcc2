using System.Collections.Concurrent;
using Ams.Actors.Persistence;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;

namespace Ams.Api.Tests.Feeds;

/// <summary>Tokens, channels and memberships in memory. A token is <c>wat_</c> and a name; a channel that starts with <c>chn_private</c> is seen by its members only.</summary>
internal sealed class MemoryDirectory : IAuthenticator, IChannels, IPrincipals, IAccessChanges
{
    private readonly ConcurrentDictionary<string, Caller> _callers = new();
    private readonly ConcurrentDictionary<string, ChannelRecord> _channels = new();
    private readonly ConcurrentDictionary<(string Channel, string Principal), bool> _members = new();
    private readonly ConcurrentDictionary<Action<AccessChange>, bool> _listeners = new();

    /// <summary>While true, nothing can be read.</summary>
    public bool IsUnreadable { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string AddToken(
        string name,
        Scopes scopes = Scopes.MessagesRead | Scopes.MessagesWrite,
        DateTimeOffset? expiresAt = null
    )
    {
        var token = "wat_" + name;
        _callers[token] = new Caller(
            "wsp_1",
            "prn_" + name,
            name,
            PrincipalKind.Agent,
            Role.Member,
            "tok_" + name,
            scopes,
            expiresAt
        );
        return token;
    }

    public string AddChannel(string name, params string[] members)
    {
        var id = "chn_" + name;
        var visibility = members.Length > 0 ? ChannelVisibility.Private : ChannelVisibility.Workspace;
        _channels[id] = new ChannelRecord(id, "wsp_1", name, null, visibility, "prn_1", 30, DateTimeOffset.UnixEpoch, null, null);
        foreach (var member in members)
            _members[(id, "prn_" + member)] = true;
        return id;
    }

    public void Revoke(string token)
    {
        _callers.TryRemove(token, out var caller).ShouldBeTrue();
        Tell(new AccessChange(AccessChangeKind.TokenEnded, "wsp_1", TokenId: caller!.TokenId));
    }

    public void Remove(string channelId, string member)
    {
        _members.TryRemove((channelId, "prn_" + member), out _).ShouldBeTrue();
        Tell(new AccessChange(AccessChangeKind.MembershipChanged, "wsp_1", PrincipalId: "prn_" + member, ChannelId: channelId));
    }

    public void DeleteWorkspace()
    {
        _callers.Clear();
        Tell(new AccessChange(AccessChangeKind.WorkspaceDeleted, "wsp_1"));
    }

    public void SetTopic(string channelId, string topic)
    {
        _channels[channelId] = _channels[channelId] with { Topic = topic };
        Tell(new AccessChange(AccessChangeKind.ChannelChanged, "wsp_1", ChannelId: channelId));
    }

    public void Archive(string channelId) =>
        _channels[channelId] = _channels[channelId] with { ArchivedAt = DateTimeOffset.UnixEpoch };

    public ValueTask<Outcome<Caller>> AuthenticateAsync(string? token, CancellationToken ct)
    {
        ThrowIfUnreadable();
        if (token is null)
            return ValueTask.FromResult<Outcome<Caller>>(new Refusal(ErrorCodes.MissingToken, "Send a token."));
        if (!_callers.TryGetValue(token, out var caller))
            return ValueTask.FromResult<Outcome<Caller>>(new Refusal(ErrorCodes.UnknownToken, "Send another token."));
        return ValueTask.FromResult<Outcome<Caller>>(
            caller.ExpiresAt <= Time.GetUtcNow() ? new Refusal(ErrorCodes.TokenExpired, "Mint a new one.") : caller
        );
    }

    public ValueTask<Outcome<ChannelRecord>> GetAsync(Caller caller, string channelId, CancellationToken ct)
    {
        ThrowIfUnreadable();
        var visible =
            _channels.TryGetValue(channelId, out var channel)
            && (channel.Visibility is ChannelVisibility.Workspace || _members.ContainsKey((channelId, caller.PrincipalId)));
        return ValueTask.FromResult<Outcome<ChannelRecord>>(visible ? channel! : Refusal.NotFound("channel"));
    }

    public ValueTask<string?> FirstUnknownAsync(string workspaceId, IReadOnlyList<string> principalIds, CancellationToken ct) =>
        ValueTask.FromResult(principalIds.FirstOrDefault(id => _callers.Values.All(caller => caller.PrincipalId != id)));

    public IDisposable Subscribe(Action<AccessChange> listener)
    {
        _listeners[listener] = true;
        return new Unsubscriber(() => _listeners.TryRemove(listener, out _));
    }

    private void Tell(AccessChange change)
    {
        foreach (var listener in _listeners.Keys)
            listener(change);
    }

    private void ThrowIfUnreadable()
    {
        if (IsUnreadable)
            throw new StoreUnavailableException("unreadable");
    }

    private sealed class Unsubscriber(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    Outcome<bool> IAuthenticator.AuthenticatePlatform(string? platformKey) => throw new NotSupportedException();

    Task<Outcome<ChannelRecord>> IChannels.CreateAsync(Caller caller, NewChannel channel, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<(ChannelRecord Channel, bool Created)>> IChannels.OpenDirectAsync(
        Caller caller,
        IReadOnlyList<string> principalIds,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<Page<ChannelRecord>>> IChannels.ListAsync(
        Caller caller,
        string? name,
        bool archived,
        int limit,
        string? cursor,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<ChannelRecord>> IChannels.UpdateAsync(
        Caller caller,
        string channelId,
        ChannelChange change,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<ChannelRecord>> IChannels.SetArchivedAsync(
        Caller caller,
        string channelId,
        bool archived,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<Page<PrincipalView>>> IChannels.ListMembersAsync(
        Caller caller,
        string channelId,
        int limit,
        string? cursor,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<bool>> IChannels.AddMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<bool>> IChannels.RemoveMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<MemberCreated>> IPrincipals.CreateAsync(Caller caller, NewMember member, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<Page<PrincipalView>>> IPrincipals.ListAsync(Caller caller, int limit, string? cursor, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<PrincipalView>> IPrincipals.GetAsync(Caller caller, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<PrincipalView>> IPrincipals.UpdateAsync(
        Caller caller,
        string principalId,
        MemberChange change,
        CancellationToken ct
    ) => throw new NotSupportedException();

    Task<Outcome<bool>> IPrincipals.RemoveAsync(Caller caller, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();
}
