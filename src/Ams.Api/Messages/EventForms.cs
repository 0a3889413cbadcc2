using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Ams.Api.Messages;

/// <summary>The forms in which a log is read.</summary>
internal enum EventForm
{
    /// <summary><c>application/json</c>: a page, or a long poll.</summary>
    Page,

    /// <summary><c>application/x-ndjson</c>: all there is, an event a line.</summary>
    Lines,

    /// <summary><c>text/event-stream</c>: replay, then live.</summary>
    Stream,
}

/// <summary>Content negotiation (RFC 9110, section 12.5.1) over those forms.</summary>
internal static class EventForms
{
    private static readonly (EventForm Form, MediaTypeHeaderValue Type)[] All =
    [
        (EventForm.Page, new MediaTypeHeaderValue("application/json")),
        (EventForm.Lines, new MediaTypeHeaderValue("application/x-ndjson")),
        (EventForm.Stream, new MediaTypeHeaderValue("text/event-stream")),
    ];

    /// <summary>The form of the highest quality; among equals the one named most exactly, then the page. Also the page when nothing that is
    /// asked for is to be had, or the header can't be read: every caller can be told something in JSON.</summary>
    public static EventForm Of(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return EventForm.Page;
        var best = (Quality: 0.0, Exactness: 0, Form: EventForm.Page);
        foreach (var (form, type) in All)
        {
            var (quality, exactness) = Judge(type, ranges);
            if (quality > best.Quality || (quality == best.Quality && quality > 0 && exactness > best.Exactness))
                best = (quality, exactness, form);
        }

        return best.Form;
    }

    private static (double Quality, int Exactness) Judge(MediaTypeHeaderValue type, IList<MediaTypeHeaderValue> ranges)
    {
        var judged = (Quality: 0.0, Exactness: 0);
        foreach (var range in ranges)
        {
            var exactness =
                range.MatchesAllTypes ? 1
                : !range.Type.Equals(type.Type, StringComparison.OrdinalIgnoreCase) ? 0
                : range.MatchesAllSubTypes ? 2
                : range.SubType.Equals(type.SubType, StringComparison.OrdinalIgnoreCase) ? 3
                : 0;
            if (exactness > judged.Exactness)
                judged = (range.Quality ?? 1, exactness);
        }

        return judged;
    }
}
