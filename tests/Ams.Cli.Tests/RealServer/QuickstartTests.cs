using System.Text.Json;

namespace Ams.Cli.Tests.RealServer;

/// <summary>The command line against the real server, each test in a workspace of its own.</summary>
public sealed class QuickstartTests(AcmeServer server) : IClassFixture<AcmeServer>, IAsyncLifetime
{
    private readonly AmsProcess _ams = new();
    private string _owner = "";
    private string _bot = "";
    private string _slug = "";

    public async Task InitializeAsync()
    {
        _slug = $"acme-{Guid.NewGuid():n}"[..20];
        string[] create = ["workspace", "create", "--platform-key", AcmeServer.PlatformKey, "--name", "Acme", "--slug", _slug];
        _owner = Field(await OkAsync("", create), "owner_token");
        _bot = Field(
            await OkAsync(_owner, "member", "create", "--name", "Build Bot", "--kind", "agent", "--role", "member"),
            "token"
        );
        await OkAsync(_bot, "channel", "create", "--name", "builds");
    }

    public Task DisposeAsync()
    {
        _ams.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Sending_twice_with_one_key_is_there_once_and_replay_shows_it()
    {
        var first = await SendAsync("deploy started", "--idempotency", "msg-1");
        var again = await SendAsync("deploy started", "--idempotency", "msg-1");

        again.ShouldBe(first.TrimEnd('\n') + "\tposted before\n");
        var line = (await OkAsync(_bot, "replay", "--channel", "builds")).TrimEnd('\n').Split('\t');
        line[0].ShouldBe("1");
        line[2..].ShouldBe(["Build Bot", "message.created", "deploy started"]);
    }

    [Fact]
    public async Task Each_kind_of_refusal_has_its_exit_code()
    {
        await SendAsync("one", "--idempotency", "msg-1");

        await FailsAsync(2, "Required", _bot, "send");
        await FailsAsync(2, "There is no 'ams sned'", _bot, "sned");
        await FailsAsync(3, "[malformed_token]", "wat_x", "whoami");
        await FailsAsync(3, "[scope_missing]", _bot, "audit");
        await FailsAsync(4, "[not_found]", _bot, "replay", "--channel", "nope");
        await FailsAsync(5, "[name_taken]", _bot, "channel", "create", "--name", "builds");
        await FailsAsync(
            5,
            "[idempotency_key_reused]",
            _bot,
            "send",
            "--channel",
            "builds",
            "--text",
            "two",
            "--idempotency",
            "msg-1"
        );
    }

    [Fact]
    public async Task Login_saves_the_server_and_the_token_and_logout_forgets_them()
    {
        (await _ams.RunWithInputAsync(_bot + "\n", "login", "--base", server.Url)).ExitCode.ShouldBe(0);
        var me = await _ams.RunAsync("whoami");
        me.ExitCode.ShouldBe(0, me.Error);
        Field(me.Output, "name").ShouldBe("Build Bot");
        (await _ams.RunAsync("channel", "list", "--json")).Output.ShouldContain("\"name\":\"builds\"");

        (await _ams.RunAsync("logout")).ExitCode.ShouldBe(0);
        (await _ams.RunAsync("whoami")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_said_can_be_piped_batched_edited_deleted_and_reacted_to()
    {
        string[] send = ["send", "--channel", "builds", .. Connection(_bot)];
        (await _ams.RunWithInputAsync("line one\nline two\n", [.. send, "--text", "-"])).ExitCode.ShouldBe(0);
        var lines = "{\"text\":\"a\"}\n{\"text\":\"b\",\"payload\":{\"n\":1},\"reply_to\":1}\n";
        (await _ams.RunWithInputAsync(lines, [.. send, "--file", "-", "--idempotency", "b"])).ExitCode.ShouldBe(0);
        var again = await _ams.RunWithInputAsync(lines, [.. send, "--file", "-", "--idempotency", "b"]);
        again.Output.Split('\n').Count(line => line.EndsWith("posted before", StringComparison.Ordinal)).ShouldBe(2);
        await OkAsync(_bot, "edit", "1", "--channel", "builds", "--text", "changed");
        await OkAsync(_bot, "delete", "2", "--channel", "builds");
        await OkAsync(_bot, "react", "3", "👍", "--channel", "builds");

        var log = await OkAsync(_bot, "replay", "--channel", "builds");
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split('\t')[3..]))
            .ShouldBe([
                "message.created line one\\nline two",
                "message.created (deleted)",
                "message.created b {\"n\":1}",
                "message.edited #1 changed",
                "message.deleted #2",
                "reaction.added #3 👍",
            ]);
        var part = await OkAsync(_bot, "replay", "--channel", "builds", "--after", "2", "--limit", "1", "--json");
        JsonElement.Parse(part).GetProperty("reply_to").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task An_export_is_the_log_byte_for_byte_and_its_import_repeated_doubles_nothing()
    {
        await SendAsync("one");
        await SendAsync("two");
        var file = Path.Combine(_ams.Folder, "builds.ndjson");
        await OkAsync(_bot, "export", "--channel", "builds", "--output", file);
        (await File.ReadAllTextAsync(file)).ShouldBe(await OkAsync(_bot, "replay", "--channel", "builds", "--json"));
        await OkAsync(_bot, "channel", "create", "--name", "copy");

        (await OkAsync(_bot, "import", file, "--channel", "copy")).ShouldStartWith("Imported 2 messages");
        (await OkAsync(_bot, "import", file, "--channel", "copy")).ShouldStartWith("Imported 0 messages, 2 were there already");

        var copy = await OkAsync(_bot, "replay", "--channel", "copy");
        copy.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[^1]).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Tokens_are_minted_listed_rotated_and_revoked_and_the_audit_tells()
    {
        var minted = await OkAsync(_bot, "token", "mint", "--name", "ci", "--scope", "messages:read");
        var (id, secret) = (Field(minted, "token_id"), Field(minted, "token"));
        (await OkAsync(_bot, "token", "list")).ShouldContain(id);
        Field(await OkAsync(secret, "whoami"), "scopes").ShouldBe("messages:read");
        await FailsAsync(3, "[scope_missing]", secret, "channel", "list");

        var rotated = await OkAsync(_bot, "token", "rotate", id, "--overlap", "0");
        await FailsAsync(3, "[token_expired]", secret, "whoami");
        await OkAsync(Field(rotated, "token"), "whoami");
        await OkAsync(_bot, "token", "revoke", Field(rotated, "token_id"));
        await FailsAsync(3, "[token_revoked]", Field(rotated, "token"), "whoami");

        var audit = await OkAsync(_owner, "audit");
        audit.ShouldContain("\tworkspace.created\t");
        audit.ShouldContain($"\t{id}\t");
        audit.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_subscription_lives_through_kill_9_and_shows_every_event_once()
    {
        await SendAsync("before");
        using var subscription = _ams.Start([
            "subscribe",
            "--channel",
            "builds",
            "--after",
            "0",
            "--limit",
            "3",
            .. Connection(_bot),
        ]);
        var error = subscription.StandardError.ReadToEndAsync();
        (await subscription.StandardOutput.ReadLineAsync()).ShouldNotBeNull().ShouldEndWith("\tbefore");

        await server.RestartAsync();
        await SendAsync("after");
        await SendAsync("and on");

        var ended = await AmsProcess.EndAsync(subscription, subscription.StandardOutput.ReadToEndAsync(), error);
        ended.ExitCode.ShouldBe(0, ended.Error);
        ended
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t') is var cells ? $"{cells[0]} {cells[^1]}" : "")
            .ShouldBe(["2 after", "3 and on"]);
        ended.Error.ShouldStartWith("ams: reconnecting in ");
    }

    private async Task<string> SendAsync(string text, params string[] more) =>
        await OkAsync(_bot, ["send", "--channel", "builds", "--text", text, .. more]);

    private async Task<string> OkAsync(string token, params string[] args)
    {
        var ended = await _ams.RunAsync([.. args, .. Connection(token)]);
        ended.ExitCode.ShouldBe(0, $"{string.Join(' ', args)}: {ended.Error}");
        ended.Error.ShouldBe("");
        return ended.Output;
    }

    private async Task FailsAsync(int exitCode, string said, string token, params string[] args)
    {
        var ended = await _ams.RunAsync([.. args, .. Connection(token)]);
        (ended.ExitCode, ended.Output).ShouldBe((exitCode, ""), ended.Error);
        ended.Error.ShouldContain(said);
        ended.Error.Count(c => c == '\n').ShouldBe(1);
    }

    private string[] Connection(string token) =>
        token.Length == 0 ? ["--base", server.Url] : ["--base", server.Url, "--token", token];

    private static string Field(string output, string name) =>
        output.Split('\n').First(line => line.StartsWith($"{name}\t", StringComparison.Ordinal))[(name.Length + 1)..];
}
