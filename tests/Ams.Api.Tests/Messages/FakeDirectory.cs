using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;
using Ams.ControlPlane.Principals;

namespace Ams.Api.Tests.Messages;

/// <summary>A control plane with one principal, one channel and one token, each of which can be taken away.</summary>
internal sealed class FakeDirectory : IAuthenticator, IChannels, IPrincipals, IAccessChanges
{
    public const string ChannelId = "chn_a";
    public const string Token = "wat_test";

    private readonly List<Action<AccessChange>> _listeners = [];

    public Scopes Scopes { get; set; } = ScopeNames.Everything;

    public Role Role { get; set; } = Role.Member;

    public bool IsVisible { get; private set; } = true;

    public bool IsRevoked { get; private set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public void Hide()
    {
        IsVisible = false;
        Tell(new AccessChange(AccessChangeKind.MembershipChanged, "wsp_a", PrincipalId: "prn_a", ChannelId: ChannelId));
    }

    public void Revoke(bool tell = true)
    {
        IsRevoked = true;
        if (tell)
            Tell(new AccessChange(AccessChangeKind.TokenEnded, "wsp_a", TokenId: "tok_a"));
    }

    public void RenameTheChannel() => Tell(new AccessChange(AccessChangeKind.ChannelChanged, "wsp_a", ChannelId: ChannelId));

    public ValueTask<Outcome<Caller>> AuthenticateAsync(string? token, CancellationToken ct)
    {
        Outcome<Caller> outcome = token switch
        {
            null => new Refusal(ErrorCodes.MissingToken, "Send one."),
            Token when IsRevoked => new Refusal(ErrorCodes.TokenRevoked, "Gone."),
            Token => new Caller("wsp_a", "prn_a", "Ann", PrincipalKind.Agent, Role, "tok_a", Scopes, ExpiresAt),
            _ => new Refusal(ErrorCodes.UnknownToken, "Unknown."),
        };
        return ValueTask.FromResult(outcome);
    }

    public Outcome<bool> AuthenticatePlatform(string? platformKey) => throw new NotSupportedException();

    public ValueTask<Outcome<ChannelRecord>> GetAsync(Caller caller, string channelId, CancellationToken ct)
    {
        Outcome<ChannelRecord> outcome =
            IsVisible && channelId == ChannelId
                ? new ChannelRecord(ChannelId, "wsp_a", "a", null, ChannelVisibility.Workspace, "prn_a", 30, default, null, null)
                : Refusal.NotFound("channel");
        return ValueTask.FromResult(outcome);
    }

    public ValueTask<string?> FirstUnknownAsync(string workspaceId, IReadOnlyList<string> principalIds, CancellationToken ct) =>
        ValueTask.FromResult(principalIds.FirstOrDefault(id => id != "prn_a"));

    public IDisposable Subscribe(Action<AccessChange> listener)
    {
        _listeners.Add(listener);
        return new Subscription(() => _listeners.Remove(listener));
    }

    public Task<Outcome<ChannelRecord>> CreateAsync(Caller caller, NewChannel channel, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<(ChannelRecord Channel, bool Created)>> OpenDirectAsync(
        Caller caller,
        IReadOnlyList<string> principalIds,
        CancellationToken ct
    ) => throw new NotSupportedException();

    public Task<Outcome<Page<ChannelRecord>>> ListAsync(
        Caller caller,
        string? name,
        bool archived,
        int limit,
        string? cursor,
        CancellationToken ct
    ) => throw new NotSupportedException();

    public Task<Outcome<ChannelRecord>> UpdateAsync(
        Caller caller,
        string channelId,
        ChannelChange change,
        CancellationToken ct
    ) => throw new NotSupportedException();

    public Task<Outcome<ChannelRecord>> SetArchivedAsync(Caller caller, string channelId, bool archived, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<Page<PrincipalView>>> ListMembersAsync(
        Caller caller,
        string channelId,
        int limit,
        string? cursor,
        CancellationToken ct
    ) => throw new NotSupportedException();

    public Task<Outcome<bool>> AddMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<bool>> RemoveMemberAsync(Caller caller, string channelId, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<MemberCreated>> CreateAsync(Caller caller, NewMember member, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<Page<PrincipalView>>> ListAsync(Caller caller, int limit, string? cursor, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<Outcome<PrincipalView>> IPrincipals.GetAsync(Caller caller, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome<PrincipalView>> UpdateAsync(
        Caller caller,
        string principalId,
        MemberChange change,
        CancellationToken ct
    ) => throw new NotSupportedException();

    public Task<Outcome<bool>> RemoveAsync(Caller caller, string principalId, CancellationToken ct) =>
        throw new NotSupportedException();

    private void Tell(AccessChange change)
    {
        foreach (var listener in _listeners.ToArray())
            listener(change);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
