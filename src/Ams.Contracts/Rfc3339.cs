using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ams.Contracts;

/// <summary>Times on the wire: RFC 3339 in UTC with milliseconds, for example <c>2026-11-22T08:00:00.123Z</c>.</summary>
public static class Rfc3339
{
    /// <summary>The length of every formatted time, in ASCII characters.</summary>
    public const int Length = 24;

    /// <summary>Formats a time; what lies below a millisecond is cut off.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads any RFC 3339 time: <c>T</c>, <c>Z</c> or an offset, and a fraction of up to seven digits. Nothing else.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            Patterns,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time
        );

    private static readonly string[] Patterns = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];
}

/// <summary>Writes and reads times as <see cref="Rfc3339"/> does.</summary>
public sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Rfc3339.TryParse(reader.GetString(), out var time) ? time : throw new JsonException("This is not an RFC 3339 time.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Rfc3339.Format(value));
}
