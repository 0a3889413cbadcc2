using Ams.Actors.Storage;
using Ams.Api.Configuration;
using Ams.Api.RateLimits;

namespace Ams.Api.Tests.Configuration;

public sealed class SettingsTests
{
    private const string Key16 = "0123456789abcdef";
    private const string Pepper32 = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("AMS_LISTEN", "localhost:8787")]
    [InlineData("AMS_LISTEN", "https://localhost:8787")]
    [InlineData("AMS_LISTEN", "http://localhost:8787/path")]
    [InlineData("AMS_LISTEN", ";")]
    [InlineData("AMS_DATABASE", "mysql://localhost/x")]
    [InlineData("AMS_DATABASE", "sqlite:")]
    [InlineData("AMS_DATABASE", "postgres://localhost")]
    [InlineData("AMS_DATABASE", "postgres://localhost/ams?sslmode=on")]
    [InlineData("AMS_DATABASE", "postgres://localhost/ams?tls=1")]
    [InlineData("AMS_RATE_LIMIT", "200")]
    [InlineData("AMS_RATE_LIMIT", "0/s:10")]
    [InlineData("AMS_RATE_LIMIT", "10/s:-1")]
    [InlineData("AMS_RATE_LIMIT", "1/m:10")]
    [InlineData("AMS_TOKEN_PEPPER", "a,b,c")]
    [InlineData("AMS_OPERATOR_LISTEN", "8788")]
    [InlineData("AMS_CLUSTER_LISTEN", "http://127.0.0.1:8789")]
    [InlineData("AMS_LISTE", "http://localhost:8787")]
    [InlineData("AMS_RATE_LIMIT_FILE", "/dev/null")]
    [InlineData("AMS_PLATFORM_KEY_FILE", "/there/is/no/such/file")]
    [InlineData("AMS_CONFIG", "/there/is/no/such/file")]
    public void A_value_that_can_not_be_used_is_refused_in_one_line_that_names_its_key(string key, string value)
    {
        var refused = Should.Throw<SettingsException>(() => Load(development: true, (key, value)));

        refused.Message.ShouldContain(key == "AMS_CLUSTER_LISTEN" ? "AMS_CLUSTER" : key);
        refused.Message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("AMS_PLATFORM_KEY", "0123456789abcde")]
    [InlineData("AMS_PLATFORM_KEY", "dev-platform-key-do-not-use-in-prod")]
    [InlineData("AMS_PLATFORM_KEY", "")]
    [InlineData("AMS_TOKEN_PEPPER", "0123456789abcdef0123456789abcde")]
    [InlineData("AMS_TOKEN_PEPPER", "0123456789abcdef0123456789abcdef,short")]
    [InlineData("AMS_TOKEN_PEPPER", "")]
    public void Outside_Development_a_secret_that_is_too_short_stops_the_start_without_being_shown(string key, string value)
    {
        var refused = Should.Throw<SettingsException>(() =>
            Load(development: false, ("AMS_PLATFORM_KEY", Key16), ("AMS_TOKEN_PEPPER", Pepper32), (key, value))
        );

        refused.Message.ShouldContain(key);
        if (value.Length > 0)
            refused.Message.ShouldNotContain(value);
    }

    [Fact]
    public void Outside_Development_secrets_of_the_least_length_will_do()
    {
        var settings = Load(development: false, ("AMS_PLATFORM_KEY", Key16), ("AMS_TOKEN_PEPPER", $"{Pepper32},{Pepper32}x"));

        settings.PlatformKey.ShouldBe(Key16);
        settings.TokenPeppers.ShouldBe([Pepper32, Pepper32 + "x"]);
    }

    [Fact]
    public void In_Development_nothing_has_to_be_set()
    {
        var settings = Load(development: true);

        settings.PlatformKey.ShouldBe("dev-platform-key-do-not-use-in-prod");
        settings.Listen.ShouldBe([new Uri("http://localhost:8787")]);
        settings.Database.Store.ShouldBe(new SqliteStoreOptions(Path.GetFullPath("data/ams.db", "/started/here")));
        settings.RateLimit.ShouldBe(new RatePolicy(200, 1000));
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData("Development", false, true)]
    [InlineData("Production", true, false)]
    [InlineData("Staging", true, false)]
    public void An_explicit_environment_wins_over_where_the_server_was_found(
        string? explicitly,
        bool isBuildOutput,
        bool development
    )
    {
        var environment = new Dictionary<string, string> { ["AMS_PLATFORM_KEY"] = Key16, ["AMS_TOKEN_PEPPER"] = Pepper32 };
        if (explicitly is not null)
            environment["ASPNETCORE_ENVIRONMENT"] = explicitly;

        SettingsLoader.Load(environment, "/", isBuildOutput).IsDevelopment.ShouldBe(development);
    }

    [Theory]
    [InlineData("the-secret-of-the-file\n", "the-secret-of-the-file")]
    [InlineData("the-secret-of-the-file\r\n", "the-secret-of-the-file")]
    [InlineData("the-secret-of-the-file\n\n", "the-secret-of-the-file\n")]
    public void A_secret_from_a_file_loses_one_newline_at_its_end(string text, string secret)
    {
        using var file = new TempFile(text);

        Load(development: true, ("AMS_PLATFORM_KEY_FILE", file.Path)).PlatformKey.ShouldBe(secret);
    }

    [Fact]
    public void A_secret_that_is_set_twice_is_refused()
    {
        using var file = new TempFile("from the file");

        Should
            .Throw<SettingsException>(() =>
                Load(development: true, ("AMS_PLATFORM_KEY", Key16), ("AMS_PLATFORM_KEY_FILE", file.Path))
            )
            .Message.ShouldContain("AMS_PLATFORM_KEY_FILE");
    }

    [Fact]
    public void The_environment_goes_before_the_file_and_the_file_before_the_reference()
    {
        using var file = new TempFile("""{ "rate-limit": "1/s:1", "sockets": { "heartbeat": "5s" } } // comment""");

        var settings = Load(development: true, ("AMS_CONFIG", file.Path), ("AMS_RATE_LIMIT", "2/s:2"));

        settings.RateLimit!.Burst.ShouldBe(2);
        settings.Heartbeat.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("""{ "listne": "x" }""", "listne")]
    [InlineData("""{ "sockets": { "heartbeat": "30" } }""", "sockets.heartbeat")]
    [InlineData("""{ "sockets": { "heartbeat": "999ms" } }""", "sockets.heartbeat")]
    [InlineData("""{ "http": { "headers-max": "1KB" } }""", "http.headers-max")]
    [InlineData("""{ "log": { "requests": "yes" } }""", "log.requests")]
    [InlineData("""{ "listen": [] }""", "listen")]
    [InlineData("""{ "listen": "http://localhost:1", "listen": "http://localhost:2" }""", "listen")]
    [InlineData("""{ "listen": """, "line 1")]
    [InlineData("[]", "object")]
    public void A_flaw_of_a_file_is_named_with_its_key(string text, string named)
    {
        using var file = new TempFile(text);

        var refused = Should.Throw<SettingsException>(() => Load(development: true, ("AMS_CONFIG", file.Path)));

        refused.Message.ShouldContain(named);
        refused.Message.ShouldContain(file.Path);
    }

    [Theory]
    [InlineData("AMS_URL")]
    [InlineData("AMS_TOKEN")]
    [InlineData("AMS_BRIDGE_STATE_DIR")]
    public void Keys_of_the_clients_may_stand_in_the_same_shell(string key) =>
        Should.NotThrow(() => Load(development: true, (key, "anything")));

    private static AmsSettings Load(bool development, params (string Key, string Value)[] environment)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in environment)
            keys[key] = value;
        return SettingsLoader.Load(keys, "/started/here", isBuildOutput: development);
    }

    private sealed class TempFile : IDisposable
    {
        public TempFile(string text)
        {
            Path = System.IO.Path.GetTempFileName();
            File.WriteAllText(Path, text);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
