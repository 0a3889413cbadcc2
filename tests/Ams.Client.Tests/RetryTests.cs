using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using static Ams.Client.Tests.FakeServer;

namespace Ams.Client.Tests;

public sealed class RetryTests
{
    [Fact]
    public async Task A_post_without_a_key_gets_one_and_keeps_it_over_repeats()
    {
        var keys = new List<string>();
        await using var server = await StartAsync(async context =>
        {
            keys.Add(context.Request.Headers["Idempotency-Key"].ToString());
            if (keys.Count == 1)
            {
                await ProblemAsync(context, 503, "store_unavailable", retryable: true, retryAfter: "0");
            }
            else if (keys.Count == 2)
            {
                context.Abort();
            }
            else
            {
                context.Response.StatusCode = 200;
                context.Response.Headers["Idempotency-Replayed"] = "true";
                await context.Response.WriteAsync(Event(7));
            }
        });
        using var client = server.Client();

        var posted = await client.Messages.PostAsync("chn_a", new NewMessage { Text = "hi" });

        posted.Event.ChannelSeq.ShouldBe(7);
        posted.Replayed.ShouldBeTrue();
        keys.Count.ShouldBe(3);
        keys.Distinct().ShouldBe([posted.IdempotencyKey]);
        posted.IdempotencyKey.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_given_key_is_the_one_that_is_sent()
    {
        await using var server = await StartAsync(context =>
            context.Request.Headers["Idempotency-Key"] == "msg-1"
                ? context.Response.WriteAsync(Event(1))
                : ProblemAsync(context, 400, "idempotency_key_required")
        );
        using var client = server.Client();

        var posted = await client.Messages.PostAsync("chn_a", new NewMessage { Text = "hi", IdempotencyKey = "msg-1" });

        posted.IdempotencyKey.ShouldBe("msg-1");
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var at = new List<DateTimeOffset>();
        using var handler = new Stub(_ =>
        {
            at.Add(time.GetUtcNow());
            return at.Count == 1 ? Problem(HttpStatusCode.TooManyRequests, "rate_limited", "7") : Ok(Event(1));
        });
        using var client = Client(handler, time);

        await RunAsync(client.Messages.PostAsync("chn_a", new NewMessage { Text = "hi" }), time);

        (at[1] - at[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Repeats_come_ever_later_and_end_with_the_total_time()
    {
        var time = new FakeTimeProvider();
        var at = new List<DateTimeOffset>();
        using var handler = new Stub(_ =>
        {
            at.Add(time.GetUtcNow());
            return Problem(HttpStatusCode.ServiceUnavailable, "draining", null);
        });
        using var client = Client(handler, time);

        var fault = await Should.ThrowAsync<AmsException>(() => RunAsync(client.MeAsync(), time));

        fault.Code.ShouldBe("draining");
        at.Count.ShouldBeGreaterThan(4);
        (at[^1] - at[0]).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(30));
        (at[^1] - at[^2]).ShouldBeGreaterThan(at[1] - at[0]);
    }

    [Fact]
    public async Task What_can_not_be_done_twice_is_not_repeated_when_it_may_have_been_done()
    {
        var calls = 0;
        using var handler = new Stub(_ =>
        {
            calls++;
            return Problem(HttpStatusCode.ServiceUnavailable, "store_unavailable", null);
        });
        using var client = Client(handler, TimeProvider.System);

        await Should.ThrowAsync<AmsException>(() => client.Channels.CreateAsync(new NewChannel("builds")));

        calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, "claim_held")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused")]
    [InlineData(HttpStatusCode.TooManyRequests, "loop_budget_spent")]
    public async Task A_refusal_that_stands_is_told_at_once(HttpStatusCode status, string code)
    {
        var calls = 0;
        using var handler = new Stub(_ =>
        {
            calls++;
            return Problem(status, code, null, retryable: code == "claim_held");
        });
        using var client = Client(handler, TimeProvider.System);

        var fault = await Should.ThrowAsync<AmsException>(() =>
            client.Messages.PostAsync("chn_a", new NewMessage { Text = "hi" })
        );

        calls.ShouldBe(1);
        fault.Code.ShouldBe(code);
        fault.Status.ShouldBe((int)status);
        fault.RequestId.ShouldBe("req_1");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        using var client = new AmsClient(
            new AmsClientOptions
            {
                BaseUrl = new Uri("http://127.0.0.1:1"),
                Retry = new RetryOptions { TotalTime = TimeSpan.Zero },
            }
        );

        var fault = await Should.ThrowAsync<AmsUnreachableException>(() => client.MeAsync());

        fault.Detail.ShouldContain("http://127.0.0.1:1");
    }

    [Fact]
    public async Task An_answer_that_is_not_of_this_protocol_says_so()
    {
        using var handler = new Stub(_ => Ok("<html>"));
        using var client = Client(handler, TimeProvider.System);

        await Should.ThrowAsync<AmsProtocolException>(() => client.MeAsync());
    }

    private static AmsClient Client(Stub handler, TimeProvider time) =>
        new(
            new AmsClientOptions
            {
                BaseUrl = new Uri("http://ams.test"),
                Token = "wat_test",
                Handler = handler,
                Time = time,
            }
        );

    private static async Task RunAsync(Task call, FakeTimeProvider time)
    {
        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await call;
    }

    private static HttpResponseMessage Ok(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private static HttpResponseMessage Problem(HttpStatusCode status, string code, string? retryAfter, bool? retryable = null)
    {
        var may = retryable ?? code is not ("idempotency_key_reused" or "loop_budget_spent");
        var body =
            $$"""{"type":"/problems/{{code}}","title":"t","status":{{(int)status}},"detail":"d","code":"{{code}}","request_id":"req_1","retryable":{{(
                may ? "true" : "false"
            )}}}""";
        var response = new HttpResponseMessage(status)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/problem+json"),
        };
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return response;
    }

    private sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
