using System.Text;
using Microsoft.AspNetCore.Http;
using static Ams.Client.Tests.FakeServer;

namespace Ams.Client.Tests;

public sealed class EventTests
{
    [Fact]
    public void An_event_is_read_without_changing_a_byte()
    {
        var json = Event(
            42,
            "deploy \\u00e9",
            ""","payload":{"n":1.0, "m":1e2},"reply_to":41,"thread":40,"future":[1,{"a":2}]"""
        );

        var read = new AmsEvent(Encoding.UTF8.GetBytes(json));

        read.ToString().ShouldBe(json);
        (read.ChannelSeq, read.Text, read.ReplyTo, read.Thread).ShouldBe((42, "deploy é", 41, 40));
        Encoding.UTF8.GetString(read.Payload.Span).ShouldBe("""{"n":1.0, "m":1e2}""");
        read.Author.Name.ShouldBe("Bot");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":3}""")]
    [InlineData("""{"type":"message.created","channel_seq":"x"}""")]
    [InlineData("""{"type":"message.created","created_at":"yesterday"}""")]
    public void Bytes_that_are_no_event_are_a_protocol_exception(string json) =>
        Should.Throw<AmsProtocolException>(() => new AmsEvent(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task A_replay_follows_the_pages_to_the_head()
    {
        await using var server = await StartAsync(context =>
        {
            var after = long.Parse(context.Request.Query["after"]!);
            var items = string.Join(',', Enumerable.Range((int)after + 1, 2).Select(seq => Event(seq)));
            return context.Response.WriteAsync(
                $$"""{"items":[{{items}}],"head_seq":6,"first_available_seq":1,"log_id":"L1","next_after":{{after + 2}},"has_more":{{(
                    after < 4 ? "true" : "false"
                )}}}"""
            );
        });
        using var client = server.Client();

        var seen = new List<long>();
        await foreach (var item in client.Events.ReplayAsync("chn_a"))
        {
            seen.Add(item.ChannelSeq);
        }

        seen.ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_resumed_from_the_last_whole_line()
    {
        var asked = new List<string>();
        await using var server = await StartAsync(async context =>
        {
            asked.Add(context.Request.Query["after"]!);
            context.Response.ContentType = "application/x-ndjson";
            if (asked.Count == 1)
            {
                await context.Response.WriteAsync(Event(1) + "\n" + Event(2)[..30]);
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            // How much of the first answer arrived before it broke is the network's choice.
            for (var seq = int.Parse(asked[^1]) + 1; seq <= 3; seq++)
            {
                await context.Response.WriteAsync(Event(seq) + "\n");
            }
        });
        using var client = server.Client();

        var seen = new List<long>();
        await foreach (var item in client.Events.StreamAsync("chn_a"))
        {
            seen.Add(item.ChannelSeq);
        }

        seen.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_channel_is_found_by_its_name_and_a_live_one_goes_first()
    {
        static string Channel(string id, string more) =>
            $$"""{"id":"{{id}}","visibility":"workspace","created_by":"prn_a","created_at":"2026-11-22T08:00:00.123Z","max_hops":30,"head_seq":0,"log_id":"L","cursor":0,"unread":0,"name":"builds"{{more}}}""";
        await using var server = await StartAsync(context =>
            context.Response.WriteAsync(
                context.Request.Query["name"] == "builds"
                    ? $$"""{"items":[{{Channel("chn_old", ""","archived_at":"2026-11-22T08:00:00.123Z" """)}},{{Channel("chn_new", "")}}]}"""
                    : """{"items":[]}"""
            )
        );
        using var client = server.Client();

        (await client.Channels.ResolveAsync("builds")).ShouldBe("chn_new");
        (await client.Channels.ResolveAsync("chn_x")).ShouldBe("chn_x");
        (await Should.ThrowAsync<AmsException>(() => client.Channels.ResolveAsync("nope"))).Code.ShouldBe("not_found");
    }
}
