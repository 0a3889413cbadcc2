using Ams.Actors.Channels;
using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Messages;

/// <summary>A channel that the caller can see, with what a command to it bears.</summary>
internal readonly record struct ChannelPlace(ChannelRecord Channel, Caller Caller)
{
    /// <summary>The channel's id.</summary>
    public string Id => Channel.Id;

    /// <summary>The caller as the author of events.</summary>
    public Author Author => new(Caller.PrincipalId, Caller.Name, Caller.Kind) { MayModerate = Caller.Role >= Role.Admin };

    /// <summary>The settings that the channel's writer decides by.</summary>
    public ChannelPolicy Policy => new(Channel.ArchivedAt is not null, Channel.MaxHops);

    /// <summary>Judges visibility: the third judgement on a call, after token and scope.</summary>
    public static async ValueTask<Outcome<ChannelPlace>> FindAsync(HttpContext http, IChannels channels)
    {
        var caller = http.Caller();
        var found = await channels.GetAsync(caller, http.Route("id"), http.RequestAborted);
        return found.TryGet(out var channel, out var refusal) ? new ChannelPlace(channel, caller) : refusal;
    }
}
