using Ams.Actors.Persistence;
using Ams.Api.Auth;
using Ams.Api.Errors;
using Ams.Api.Feeds.Sockets;
using Ams.Api.Http;
using Ams.Api.RateLimits;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Ams.Api.Feeds;

/// <summary>The way from a request to a socket, or to a refusal: a problem before the upgrade, or for a client that offered <c>ams.v1</c> and so
/// can't see one, an accepted socket that is closed at once with the code.</summary>
internal sealed class SocketOpening
{
    private readonly FeedHost _host;
    private readonly HttpContext _http;
    private readonly SocketHandshake _handshake;
    private readonly Caller _caller;

    private SocketOpening(FeedHost host, HttpContext http, SocketHandshake handshake, Caller caller)
    {
        _host = host;
        _http = http;
        _handshake = handshake;
        _caller = caller;
    }

    /// <summary>Judges origin, token, rate and scope. Null: refused, and answered.</summary>
    public static async ValueTask<SocketOpening?> BeginAsync(FeedHost host, HttpContext http)
    {
        var handshake = SocketHandshake.Read(http.Request);
        if (OriginRule.Judge(http.Request, host.Settings.Origins) is { } foreign)
        {
            await ProblemWriter.WriteAsync(http, foreign);
            return null;
        }
        Caller? caller = null;
        var refusal = await TryAsync(async () =>
        {
            if (!handshake.Token.TryGet(out var token, out var malformed))
                return malformed;
            var authenticated = await host.Authenticator.AuthenticateAsync(token, http.RequestAborted);
            if (!authenticated.TryGet(out caller, out var unknown))
                return unknown;
            return host.Rates.Judge(http, caller.TokenId, cost: 1) ?? Admission.JudgeScope(caller, Scopes.MessagesRead);
        });
        if (refusal is null)
            return new SocketOpening(host, http, handshake, caller! with { RequestId = http.RequestId() });
        await RefuseAsync(host, http, handshake, refusal);
        return null;
    }

    /// <summary>Watches over the caller from now on.</summary>
    public AccessLease Open(string? channelId, Action onDoubt) =>
        _host.Access.Open(_caller, _handshake.Token.Value!, Scopes.MessagesRead, channelId, onDoubt);

    /// <summary>What stands against the upgrade itself: its form, or a node that is draining.</summary>
    public Refusal? Judge() => _handshake.Refusal ?? (_host.Sockets.IsDraining ? Drained() : null);

    /// <summary>Runs a judgement; a store that does not answer is a refusal too.</summary>
    public static async ValueTask<Refusal?> TryAsync(Func<ValueTask<Refusal?>> judgement)
    {
        try
        {
            return await judgement();
        }
        catch (StoreUnavailableException)
        {
            return new Refusal(ErrorCodes.StoreUnavailable, "The store does not answer; connect again later.");
        }
    }

    /// <summary>Answers a refusal.</summary>
    public Task RefuseAsync(Refusal refusal) => RefuseAsync(_host, _http, _handshake, refusal);

    /// <summary>Upgrades.</summary>
    public Task<SocketConnection> AcceptAsync() => AcceptAsync(_host, _http, _handshake);

    /// <summary>Serves the socket to its end.</summary>
    /// <param name="begin">Runs once the socket is known to the sweep, before anything is read.</param>
    public async Task RunAsync(SocketConnection socket, SocketSession session, Func<Task> begin)
    {
        socket.Drain = session.DrainAsync;
        socket.Judge = () =>
        {
            if (session.Access.InDoubt)
                session.BeginJudging();
        };
        _host.Sockets.Add(socket);
        try
        {
            await begin();
            await socket.RunAsync(session);
        }
        finally
        {
            _host.Sockets.Remove(socket);
        }
    }

    private static Refusal Drained() => new(ErrorCodes.Draining, "This node is shutting down; connect again.");

    private static async Task RefuseAsync(FeedHost host, HttpContext http, SocketHandshake handshake, Refusal refusal)
    {
        if (!handshake.OffersAms || handshake.Refusal is not null)
        {
            if (refusal == handshake.Refusal)
                SocketHandshake.WriteOffer(http.Response);
            await ProblemWriter.WriteAsync(http, refusal);
            return;
        }
        var socket = await AcceptAsync(host, http, handshake);
        host.Sockets.Add(socket);
        try
        {
            var code = CloseCodeOf.Refused(refusal);
            socket.Close(code, code is CloseCode.Draining ? host.Sockets.DelayReason() : refusal.Detail);
            await socket.RunAsync(session: null);
        }
        finally
        {
            host.Sockets.Remove(socket);
        }
    }

    private static async Task<SocketConnection> AcceptAsync(FeedHost host, HttpContext http, SocketHandshake handshake)
    {
        // A slow reader is fed at its own pace; who makes no progress at all is found by its silence.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        handshake.WriteAccept(http.Request, http.Response);
        var upgrade = http.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        var stream = await upgrade.UpgradeAsync();
        return new SocketConnection(stream, http.Abort, host.Time, host.Settings.CloseTimeout);
    }
}
