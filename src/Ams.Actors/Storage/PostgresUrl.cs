using System.Globalization;
using Npgsql;

namespace Ams.Actors.Storage;

/// <summary>A <c>postgres://user:password@host:port/database?sslmode=…</c> URL, taken apart. Its text form has no password.</summary>
public sealed class PostgresUrl
{
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresUrl(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>The password, or null. Secret.</summary>
    public string? Password => string.IsNullOrEmpty(_settings.Password) ? null : _settings.Password;

    /// <summary>A copy, to which the caller adds what its connections need.</summary>
    internal NpgsqlConnectionStringBuilder Settings => new(_settings.ConnectionString);

    /// <summary>Takes a URL apart.</summary>
    /// <exception cref="FormatException">It can't be used. The message says what it must be, and holds nothing of the URL but the name of a parameter.</exception>
    public static PostgresUrl Parse(string text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgres" or "postgresql")
            || uri.Host.Length == 0
            || uri.AbsolutePath.Length < 2
            || uri.AbsolutePath.IndexOf('/', 1) >= 0
            || uri.Fragment.Length > 0
        )
            throw new FormatException("a URL such as postgres://user:password@host:5432/database?sslmode=verify-full");
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.IsDefaultPort ? NpgsqlConnection.DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            ApplicationName = "ams",
        };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2)
            settings.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(settings, Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }
        return new PostgresUrl(settings);
    }

    /// <summary>Where the database is, without a password.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://{(_settings.Username is { Length: > 0 } user ? user + "@" : "")}{_settings.Host}:{_settings.Port}/{_settings.Database}"
        );

    // libpq's names and words. What is not understood is refused: a TLS parameter that is passed over in silence is a hole.
    private static void Set(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode":
                settings.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new FormatException(
                        "a URL whose sslmode is disable, allow, prefer, require, verify-ca or verify-full"
                    ),
                };
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "sslcert":
                settings.SslCertificate = value;
                break;
            case "sslkey":
                settings.SslKey = value;
                break;
            case "sslpassword":
                settings.SslPassword = value;
                break;
            case "channel_binding":
                settings.ChannelBinding = value switch
                {
                    "disable" => ChannelBinding.Disable,
                    "prefer" => ChannelBinding.Prefer,
                    "require" => ChannelBinding.Require,
                    _ => throw new FormatException("a URL whose channel_binding is disable, prefer or require"),
                };
                break;
            case "application_name":
                settings.ApplicationName = value;
                break;
            default:
                throw new FormatException(
                    $"a URL without the parameter \"{name}\"; there are sslmode, sslrootcert, sslcert, sslkey, sslpassword, channel_binding and application_name"
                );
        }
    }
}
