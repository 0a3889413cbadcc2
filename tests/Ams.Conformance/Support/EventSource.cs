using System.Net.Http.Headers;
using System.Text;

namespace Ams.Conformance;

/// <summary>One server-sent event as received.</summary>
internal sealed record SentEvent(string Id, string Data);

/// <summary>A stream of server-sent events, read one by one.</summary>
internal sealed class EventSource : IDisposable
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventSource(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body, Encoding.UTF8);
    }

    /// <summary>Every line so far that is none of an event with <c>id</c> and <c>data</c>, comments left out.</summary>
    public List<string> OtherLines { get; } = [];

    public static async Task<EventSource> OpenAsync(Actor actor, string channel, string query = "", string? lastEventId = null)
    {
        var request = actor.Request(HttpMethod.Get, $"/v1/channels/{channel}/events{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var patience = new CancellationTokenSource(PatienceMax);
        var response = await Target.StreamAsync(request, patience.Token);
        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventSource(response, await response.Content.ReadAsStreamAsync(patience.Token));
    }

    /// <summary>The next event. The end of the stream is a failure.</summary>
    public async Task<SentEvent> NextAsync() =>
        await ReadAsync(untilComment: false) ?? throw new ShouldAssertException("The stream ended.");

    /// <summary>Waits for the next comment, passing over events.</summary>
    public async Task CommentAsync(TimeSpan bound) => (await ReadAsync(untilComment: true).WaitAsync(bound)).ShouldNotBeNull();

    /// <summary>Waits for the end of the stream, and returns what still came before it.</summary>
    public async Task<IReadOnlyList<SentEvent>> EndAsync()
    {
        var events = new List<SentEvent>();
        while (await ReadAsync(untilComment: false) is { } read)
            events.Add(read);
        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private async Task<SentEvent?> ReadAsync(bool untilComment)
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        string? id = null;
        string? data = null;
        while (await LineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && id is not null && data is not null)
            {
                if (!untilComment)
                    return new SentEvent(id, data);
                (id, data) = (null, null);
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.StartsWith(':') && untilComment)
                return new SentEvent("", "");
            else if (line.Length > 0 && !line.StartsWith(':'))
                OtherLines.Add(line);
        }
        return null;
    }

    // A stream that the server cut off has ended too.
    private async Task<string?> LineAsync(CancellationToken ct)
    {
        try
        {
            return await _reader.ReadLineAsync(ct);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
