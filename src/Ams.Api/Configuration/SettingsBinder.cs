using Ams.Actors.Storage;
using Ams.Api.RateLimits;

namespace Ams.Api.Configuration;

/// <summary>Makes settings of text and checks what only holds between them.</summary>
internal static class SettingsBinder
{
    private const string DevelopmentPlatformKey = "dev-platform-key-do-not-use-in-prod";
    private const string DevelopmentPepper = "dev-token-pepper-do-not-use-in-prod-either";
    private const int PlatformKeyLengthMin = 16;
    private const int PepperLengthMin = 32;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Reads every setting.</summary>
    /// <exception cref="SettingsException">One can't be used; the message names it.</exception>
    public static AmsSettings Bind(SettingsReader reader, bool isDevelopment, string startedIn)
    {
        var database = Database(reader, startedIn);
        var cluster = Cluster(reader);
        if (cluster is not null && !database.IsShared)
            throw new SettingsException(
                $"{reader.Name("cluster.listen")} needs PostgreSQL: SQLite is one node; set AMS_DATABASE to a postgres:// URL"
            );
        return new AmsSettings
        {
            IsDevelopment = isDevelopment,
            Listen = Addresses(reader, "listen"),
            Database = database,
            PlatformKey = PlatformKey(reader, isDevelopment),
            TokenPeppers = Peppers(reader, isDevelopment),
            RateLimit = Rate(reader),
            AllowedOrigins = Origins(reader),
            Http = Http(reader),
            Heartbeat = reader.Duration("sockets.heartbeat", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Log = Log(reader, isDevelopment),
            Shutdown = new ShutdownSettings(
                reader.Duration("shutdown.ready-off", TimeSpan.Zero, TimeSpan.FromHours(1)),
                reader.Duration("shutdown.drain", TimeSpan.Zero, TimeSpan.FromHours(1))
            ),
            MetricsOnMainPort = reader.OneOf("metrics.on-main-port", "auto", "always", "never") switch
            {
                "always" => true,
                "never" => false,
                _ => isDevelopment,
            },
            Operator = new OperatorSettings(
                reader.Text("operator.listen") is "off" ? [] : Addresses(reader, "operator.listen"),
                Key(reader, "operator.key", isDevelopment)
            ),
            Cluster = cluster,
        };
    }

    private static IReadOnlyList<Uri> Addresses(SettingsReader reader, string key) =>
        reader.Required<IReadOnlyList<Uri>>(
            key,
            "one or more addresses such as http://localhost:8787, separated by \";\"",
            text =>
            {
                var addresses = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(ListenAddress.Parse)
                    .ToList();
                return (addresses.Count > 0 && addresses.TrueForAll(address => address is not null), addresses!);
            }
        );

    /// <summary>Reads which store it is.</summary>
    /// <exception cref="SettingsException">It can't be used; the message names the key.</exception>
    public static DatabaseSetting Database(SettingsReader reader, string startedIn)
    {
        // Read whatever the store, so that a wrong one is found before it is needed.
        var postgres = Postgres(reader);
        var text = reader.Text("database") ?? "";
        if (text.StartsWith("postgres:", StringComparison.Ordinal) || text.StartsWith("postgresql:", StringComparison.Ordinal))
        {
            try
            {
                var url = PostgresUrl.Parse(text);
                return new DatabaseSetting(postgres(url), url.ToString(), url.Password);
            }
            catch (FormatException e)
            {
                throw reader.Wrong("database", e.Message);
            }
        }
        const string scheme = "sqlite:";
        var isSqlite =
            text.StartsWith(scheme, StringComparison.Ordinal)
            && text.Length > scheme.Length
            && !text.Contains('\0', StringComparison.Ordinal);
        if (!isSqlite)
            throw reader.Wrong("database", "sqlite:PATH or a postgres:// URL");
        var path = Path.GetFullPath(text[scheme.Length..], startedIn);
        return new DatabaseSetting(new SqliteStoreOptions(path), path, Password: null);
    }

    private static Func<PostgresUrl, PostgresStoreOptions> Postgres(SettingsReader reader)
    {
        var connectionsMax = reader.Whole("postgres.query-connections-max", 2, 1000);
        var writers = reader.Whole("postgres.writers", 1, 64);
        var connect = reader.Duration("postgres.connect-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var statement = reader.Duration("postgres.statement-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        var append = reader.Duration("postgres.append-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        return url => new PostgresStoreOptions(url)
        {
            QueryConnectionsMax = connectionsMax,
            Writers = writers,
            ConnectTimeout = connect,
            StatementTimeout = statement,
            AppendTimeout = append,
        };
    }

    private static string PlatformKey(SettingsReader reader, bool isDevelopment) =>
        Key(reader, "platform-key", isDevelopment, PlatformKeyLengthMin)
        ?? (isDevelopment ? DevelopmentPlatformKey : throw Missing("AMS_PLATFORM_KEY", PlatformKeyLengthMin));

    private static IReadOnlyList<string> Peppers(SettingsReader reader, bool isDevelopment)
    {
        if (reader.Text("token-pepper") is not { } text)
            return isDevelopment ? [DevelopmentPepper] : throw Missing("AMS_TOKEN_PEPPER", PepperLengthMin);
        var peppers = text.Split(',', StringSplitOptions.TrimEntries);
        var lengthMin = isDevelopment ? 1 : PepperLengthMin;
        if (
            peppers.Length > 2
            || peppers.Any(pepper => pepper.Length < lengthMin)
            || (!isDevelopment && peppers.Contains(DevelopmentPepper))
        )
            throw reader.Wrong(
                "token-pepper",
                $"one secret of at least {lengthMin} characters of your own, or \"new,old\" while it is being rotated"
            );
        return peppers;
    }

    private static string? Key(SettingsReader reader, string key, bool isDevelopment, int lengthMin = PlatformKeyLengthMin)
    {
        var text = reader.Text(key);
        if (text is null || isDevelopment)
            return text;
        return text.Length >= lengthMin && text != DevelopmentPlatformKey
            ? text
            : throw reader.Wrong(key, $"a secret of at least {lengthMin} characters of your own");
    }

    private static SettingsException Missing(string key, int lengthMin) =>
        new(
            $"{key} is not set: outside Development it must be a secret of at least {lengthMin} characters (or name a file in {key}_FILE)"
        );

    private static RatePolicy? Rate(SettingsReader reader)
    {
        RatePolicy? policy = null;
        reader.Required(
            "rate-limit",
            "a rate and a burst such as 200/s:1000, or off",
            text => (RatePolicy.TryParse(text, out policy), text)
        );
        return policy;
    }

    private static HashSet<string> Origins(SettingsReader reader)
    {
        var origins = (reader.Text("allowed-origins") ?? "").Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        foreach (var origin in origins)
        {
            var isOrigin =
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin;
            if (!isOrigin)
                throw reader.Wrong("allowed-origins", "origins such as https://chat.example.com, separated by \";\"");
        }
        return origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static HttpSettings Http(SettingsReader reader)
    {
        var connectionsMax = reader.Whole("http.connections-max", 0, int.MaxValue);
        return new HttpSettings(
            reader.Bytes("http.request-line-max", 1024, 1 << 20),
            reader.Bytes("http.headers-max", 1024, 1 << 20),
            reader.Duration("http.headers-timeout", TimeSpan.FromSeconds(1), Day),
            reader.Duration("http.keep-alive-timeout", TimeSpan.FromSeconds(1), Day),
            reader.Bytes("http.body-rate-min", 1, 1 << 30),
            connectionsMax == 0 ? null : connectionsMax
        );
    }

    private static LogSettings Log(SettingsReader reader, bool isDevelopment) =>
        new(
            reader.OneOf("log.level", "debug", "info", "warning", "error") switch
            {
                "debug" => LogLevel.Debug,
                "info" => LogLevel.Information,
                "warning" => LogLevel.Warning,
                _ => LogLevel.Error,
            },
            Json: reader.OneOf("log.format", "auto", "text", "json") switch
            {
                "json" => true,
                "text" => false,
                _ => !isDevelopment,
            },
            reader.Flag("log.requests")
        );

    private static ClusterSettings? Cluster(SettingsReader reader)
    {
        var listen = reader.Text("cluster.listen");
        var advertise = reader.Text("cluster.advertise");
        var key = Key(reader, "cluster.key", isDevelopment: false);
        if (listen is null && advertise is null && key is null)
            return null;
        const string form = "an address such as http://10.0.0.1:8789";
        if (listen is null || ListenAddress.Parse(listen) is not { } listenAt)
            throw reader.Wrong("cluster.listen", form + " in a cluster (AMS_CLUSTER_LISTEN)");
        if (advertise is null || ListenAddress.Parse(advertise) is not { } advertised)
            throw reader.Wrong("cluster.advertise", form + " in a cluster (AMS_CLUSTER_ADVERTISE)");
        return new ClusterSettings(
            listenAt,
            advertised,
            key ?? throw reader.Wrong("cluster.key", "a secret that all nodes share (AMS_CLUSTER_KEY)")
        );
    }
}
