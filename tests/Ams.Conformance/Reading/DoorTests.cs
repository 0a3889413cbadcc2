using System.Net.Http.Headers;
using System.Text;

namespace Ams.Conformance.Reading;

/// <summary>One log, many doors: every one of them gives the same bytes.</summary>
public sealed class DoorTests
{
    [Fact]
    [Promise(6, "The answer is the event, byte for byte as every reader will get it")]
    [Promise(7, "events as a page, as ndjson, as an event stream, and as socket frames are the same log")]
    public async Task An_event_has_the_same_bytes_through_every_door()
    {
        var (_, agent, channel) = await World.WithChannelAsync();
        await using var live = await Room.OpenAsync(agent, channel);
        await live.NextAsync("caught_up");
        var posted = new List<string>();
        foreach (var body in Bodies)
            posted.Add((await agent.SayAsync(channel, (object)body, Actor.NewKey())).ShouldBe(201).Text);

        var page = (await agent.GetAsync($"/v1/channels/{channel}/events", "application/json")).ShouldBe(200);
        var lines = (await agent.GetAsync($"/v1/channels/{channel}/events", "application/x-ndjson")).ShouldBe(200);
        await using var replaying = await Room.OpenAsync(agent, channel, after: 0);

        page.RawItems.ShouldBe(posted);
        lines.MediaType.ShouldBe("application/x-ndjson");
        lines.Text.ShouldBe(string.Concat(posted.Select(line => line + "\n")));
        (await replaying.EventsAsync(posted.Count)).ShouldBe(posted);
        (await live.EventsAsync(posted.Count)).ShouldBe(posted);
        (await StreamAsync(agent, channel, posted.Count)).ShouldBe(posted);
        (await agent.GetAsync($"/v1/channels/{channel}/messages")).RawItems.ShouldBe(posted);
        (await agent.GetAsync($"/v1/channels/{channel}/messages/1")).Text.ShouldBe(posted[0]);
    }

    private static readonly string[] Bodies =
    [
        """{"text":"plain"}""",
        """{"text":"é \u0000 \ud83d\ude00 😀 </script> \" \\ \u2028"}""",
        """{ "payload" : { "b" : 1.0, "a" : [ 1e5, "\u00e9" ] } }""",
        """{"text":"r","reply_to":1}""",
    ];

    private static async Task<IReadOnlyList<string>> StreamAsync(Actor agent, string channel, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var request = agent.Request(HttpMethod.Get, $"/v1/channels/{channel}/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await Target.StreamAsync(request, patience.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token), Encoding.UTF8);
        var events = new List<string>();
        var id = 0L;
        while (events.Count < count)
        {
            var line = (await reader.ReadLineAsync(patience.Token)).ShouldNotBeNull();
            line.ShouldNotStartWith("event:");
            if (line.StartsWith("id:", StringComparison.Ordinal))
                id = long.Parse(line.AsSpan(3).Trim());
            if (!line.StartsWith("data:", StringComparison.Ordinal))
                continue;
            id.ShouldBe(events.Count + 1);
            events.Add(line[5..].TrimStart(' '));
        }
        return events;
    }
}
