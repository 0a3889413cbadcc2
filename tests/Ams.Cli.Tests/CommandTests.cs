using System.Diagnostics;
using System.Text.Json;
using Ams.Client.Tests;
using Microsoft.AspNetCore.Http;
using static Ams.Client.Tests.FakeServer;

namespace Ams.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private const string Me =
        """{"principal":{"id":"prn_a","name":"Bot","kind":"agent","role":"member","created_at":"2026-11-22T08:00:00.123Z"},"workspace":{"id":"wsp_a","name":"Acme","slug":"acme","created_at":"2026-11-22T08:00:00.123Z"},"token":{"id":"tok_a","scopes":["messages:read"]}}""";

    private readonly AmsProcess _ams = new();

    [Theory]
    [InlineData(401, "token_revoked", 3)]
    [InlineData(403, "scope_missing", 3)]
    [InlineData(404, "not_found", 4)]
    [InlineData(409, "channel_archived", 5)]
    [InlineData(412, "head_moved", 5)]
    [InlineData(422, "idempotency_key_reused", 5)]
    [InlineData(429, "rate_limited", 6)]
    [InlineData(503, "draining", 7)]
    [InlineData(400, "invalid_request", 1)]
    public async Task A_refusal_is_one_line_that_says_what_to_do_and_an_exit_code(int status, string code, int exitCode)
    {
        await using var server = await StartAsync(context =>
            ProblemAsync(context, status, code, retryable: status is 429 or 503)
        );

        var ended = await _ams.RunAsync("whoami", "--base", server.Url.ToString(), "--token", "wat_x", "--retry-for", "0");

        ended.ShouldBe(new Ended(exitCode, "", $"ams: Detail of {code}. [{code}]\n"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_exit_code_7()
    {
        var ended = await _ams.RunAsync("health", "--base", "http://127.0.0.1:1", "--retry-for", "0");

        ended.ExitCode.ShouldBe(7);
        ended.Error.ShouldStartWith("ams: Can't reach http://127.0.0.1:1/");
        ended.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Theory]
    [InlineData("member")]
    [InlineData("channel create")]
    [InlineData("nonsense")]
    [InlineData("replay --channel a --after x")]
    [InlineData("whoami")]
    [InlineData("whoami --token wat_x --base ftp://a")]
    [InlineData("send --channel chn_a --token wat_x")]
    public async Task A_wrong_command_line_is_exit_code_2_and_one_line(string line)
    {
        var ended = await _ams.RunAsync(line.Split(' '));

        ended.ExitCode.ShouldBe(2);
        ended.Output.ShouldBe("");
        ended.Error.ShouldStartWith("ams: ");
        ended.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task Send_posts_standard_input_with_the_given_key_and_prints_the_event_as_it_stands_in_the_log()
    {
        JsonElement sent = default;
        var key = "";
        await using var server = await StartAsync(async context =>
        {
            sent = (await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body));
            key = context.Request.Headers["Idempotency-Key"].ToString();
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync(Event(7, "a\\tb"));
        });

        var ended = await _ams.RunWithInputAsync(
            "two\nlines\n",
            ["send", "--channel", "chn_a", "--text", "-", "--idempotency", "msg-1", "--json", .. Connection(server)]
        );

        ended.ShouldBe(new Ended(0, Event(7, "a\\tb") + "\n", ""));
        sent.GetProperty("text").GetString().ShouldBe("two\nlines");
        key.ShouldBe("msg-1");
    }

    [Fact]
    public async Task A_pipe_gets_stable_text_that_can_be_cut_at_tabs_and_drives_no_terminal()
    {
        await using var server = await StartAsync(context => PageAsync(context, Event(1, "red\\u001b[31m\\tand\\nmore")));

        var ended = await _ams.RunAsync(["replay", "--channel", "chn_a", .. Connection(server)]);

        ended.Output.ShouldBe("1\t2026-11-22T08:00:00.123Z\tBot\tmessage.created\tred\\u001b[31m\\tand\\nmore\n");
    }

    [Fact]
    public async Task Login_checks_the_token_and_saves_it_for_its_user_alone()
    {
        await using var server = await StartAsync(context =>
            context.Request.Headers.Authorization == "Bearer wat_good"
                ? context.Response.WriteAsync(Me)
                : ProblemAsync(context, 401, "unknown_token")
        );

        (await _ams.RunWithInputAsync("wat_bad\n", "login", "--base", server.Url.ToString())).ExitCode.ShouldBe(3);
        File.Exists(_ams.ProfilePath).ShouldBeFalse();

        var login = await _ams.RunWithInputAsync("wat_good\n", "login", "--base", server.Url.ToString());
        login.ExitCode.ShouldBe(0, login.Error);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_ams.ProfilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        login.Output.ShouldNotContain("wat_good");
        (await _ams.RunAsync("whoami", "--json")).Output.ShouldBe(Me + "\n");
    }

    [Fact]
    public async Task A_saved_token_does_not_travel_to_another_server()
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync(Me));
        await _ams.RunWithInputAsync("wat_good\n", "login", "--base", server.Url.ToString());

        var ended = await _ams.RunAsync("whoami", "--base", "http://127.0.0.1:1");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("the saved token is for");
    }

    [Fact]
    public async Task A_subscription_ends_cleanly_when_it_is_told_to()
    {
        if (OperatingSystem.IsWindows())
        {
            // There is no SIGTERM there.
            return;
        }

        await using var server = await StartAsync(SubscribedAsync);
        using var process = _ams.Start(["subscribe", "--channel", "chn_a", "--after", "0", .. Connection(server)]);
        var error = process.StandardError.ReadToEndAsync();
        (await process.StandardOutput.ReadLineAsync())!.ShouldStartWith("1\t");

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        var ended = await AmsProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync(), error);

        ended.ShouldBe(new Ended(0, "", ""));
    }

    [Fact]
    public async Task A_subscription_ends_cleanly_when_nobody_reads_it_any_more()
    {
        await using var server = await StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SayAsync(Hello(0, 0));
            for (var seq = 1; seq < 1_000_000 && socket.State == System.Net.WebSockets.WebSocketState.Open; seq++)
            {
                try
                {
                    await socket.SayAsync(Event(seq));
                }
                catch (Exception)
                {
                    // The client has gone, which is what the test waits for.
                    return;
                }
            }
        });
        using var process = _ams.Start(["subscribe", "--channel", "chn_a", "--after", "0", .. Connection(server)]);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadLineAsync();
        process.StandardOutput.Close();

        var ended = await AmsProcess.EndAsync(process, Task.FromResult(""), error);

        ended.ShouldBe(new Ended(0, "", ""));
    }

    [Fact]
    public async Task An_import_done_twice_sends_the_same_keys_and_follows_the_threads()
    {
        var keys = new List<string>();
        var replies = new List<long?>();
        var committed = new List<string>();
        await using var server = await StartAsync(async context =>
        {
            var batch = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            var items = new List<string>();
            var replayed = new List<string>();
            foreach (var message in batch.GetProperty("messages").EnumerateArray())
            {
                var key = message.GetProperty("idempotency_key").GetString()!;
                keys.Add(key);
                replies.Add(message.TryGetProperty("reply_to", out var replyTo) ? replyTo.GetInt64() : null);
                replayed.Add(committed.Contains(key) ? "true" : "false");
                if (!committed.Contains(key))
                {
                    committed.Add(key);
                }

                items.Add(Event(100 + committed.IndexOf(key)));
            }

            await context.Response.WriteAsync(
                $$"""{"items":[{{string.Join(',', items)}}],"replayed":[{{string.Join(',', replayed)}}]}"""
            );
        });
        var export = string.Join(
            '\n',
            Event(1),
            Event(2, "", ""","deleted":true"""),
            Event(3, "re", ""","reply_to":1,"thread":1""")
        );

        var first = await _ams.RunWithInputAsync(export, ["import", "--channel", "chn_b", "-", .. Connection(server)]);
        var second = await _ams.RunWithInputAsync(export, ["import", "--channel", "chn_b", "-", .. Connection(server)]);

        first.Output.ShouldBe("Imported 2 messages, 0 were there already, 1 events passed over.\n", first.Error);
        second.Output.ShouldBe("Imported 0 messages, 2 were there already, 1 events passed over.\n");
        keys.ShouldBe(["import:chn_a:1", "import:chn_a:3", "import:chn_a:1", "import:chn_a:3"]);
        replies.ShouldBe([null, 100, null, 100]);
    }

    public void Dispose() => _ams.Dispose();

    private static string[] Connection(FakeServer server) => ["--base", server.Url.ToString(), "--token", "wat_x"];

    private static Task PageAsync(HttpContext context, string item) =>
        context.Response.WriteAsync(
            $$"""{"items":[{{item}}],"head_seq":1,"first_available_seq":1,"log_id":"L1","next_after":1,"has_more":false}"""
        );

    private static async Task SubscribedAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SayAsync(Hello(1, 0));
        await socket.SayAsync(Event(1));
        while (await socket.HearAsync() is not null) { }
    }
}
