using Ams.Actors.Query;
using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Channels;

namespace Ams.Api.Messages;

/// <summary>The log itself, in the form that <c>Accept</c> asks for (protocol, section 7).</summary>
internal sealed class EventRoutes(
    IChannels channels,
    IReadJournal journal,
    IChannelFeeds feeds,
    AccessWatch access,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var events = ActivatorUtilities.CreateInstance<EventRoutes>(routes.ServiceProvider);
        routes.Get("/v1/channels/{id}/events", events.GetAsync).Needs(Scopes.MessagesRead);
    }

    private async ValueTask<Refusal?> GetAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        var query = new QueryReader(http);
        var form = EventForms.Of(http.Request.Headers.Accept);
        var wanted = new EventQuery(
            query.Seq("after") ?? 0,
            query.Limit(),
            query.Whole("wait", 1, Limits.WaitSecondsMax) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            query.Text("log_id")
        );
        if (query.Refusal is { } invalid)
            return invalid;
        return form switch
        {
            EventForm.Lines => await EventLines.WriteAsync(http, place.Id, wanted, journal, Watch(http, place)),
            EventForm.Stream => await new EventStream(feeds, time, lifetime).WriteAsync(
                http,
                place.Id,
                wanted,
                Watch(http, place)
            ),
            _ when wanted.Wait is null => await EventPage.WriteAsync(http, place.Id, wanted, journal),
            _ => await new EventPoll(journal, feeds, time, lifetime).WriteAsync(http, place.Id, wanted, Watch(http, place)),
        };
    }

    private Func<Action?, AccessLease> Watch(HttpContext http, ChannelPlace place)
    {
        var token = BearerToken.Read(http.Request).Value!;
        return onDoubt => access.Open(place.Caller, token, Scopes.MessagesRead, place.Id, onDoubt);
    }
}

/// <summary>What is asked of a log.</summary>
/// <param name="After">The last number that the caller has seen.</param>
/// <param name="Limit">Most events of a page.</param>
/// <param name="Wait">How long to wait for an event when there is none; null: not at all.</param>
/// <param name="LogId">The log that the caller remembers, or null.</param>
internal sealed record EventQuery(long After, int Limit, TimeSpan? Wait, string? LogId);
