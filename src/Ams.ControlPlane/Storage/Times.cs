namespace Ams.ControlPlane.Storage;

/// <summary>Times as the control plane keeps them: whole milliseconds since 1970.</summary>
internal static class Times
{
    public static DateTimeOffset GetMillisecondNow(this TimeProvider time) => From(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? From(long? milliseconds) => milliseconds is { } value ? From(value) : null;

    public static long? ToMilliseconds(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
