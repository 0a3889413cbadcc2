using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>Writes answers. JSON goes out in one piece, so that a fault on the way to it can still become a problem.</summary>
internal static class Answers
{
    private const string Json = "application/json";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The wire records, with text left readable: <c>ü</c>, not <c>\u00fc</c>.</summary>
    public static AmsJson Records { get; } =
        new(new JsonSerializerOptions(AmsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Answers with one record.</summary>
    public static Task WriteAsync<T>(HttpContext http, int status, T record, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
            JsonSerializer.Serialize(json, record, type);
        return WriteAsync(http, status, buffer.WrittenMemory);
    }

    /// <summary>Answers with one resource under its name: <c>{"channel": {…}}</c>.</summary>
    public static Task WriteNamedAsync<T>(HttpContext http, int status, string name, T record, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, record, type);
            json.WriteEndObject();
        }
        return WriteAsync(http, status, buffer.WrittenMemory);
    }

    /// <summary>Answers with JSON as it is, stored events among it.</summary>
    public static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Json;
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json, http.RequestAborted);
    }

    /// <summary>204.</summary>
    public static Task NoContentAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>204, or the refusal.</summary>
    public static async ValueTask<Refusal?> NoContentAsync<T>(HttpContext http, Outcome<T> outcome)
    {
        if (outcome.IsOk)
            await NoContentAsync(http);
        return outcome.Refusal;
    }

    /// <summary>200 with the record, or the refusal.</summary>
    public static async ValueTask<Refusal?> OkAsync<T>(HttpContext http, Outcome<T> outcome, JsonTypeInfo<T> type)
    {
        if (outcome.TryGet(out var record, out var refusal))
            await WriteAsync(http, StatusCodes.Status200OK, record, type);
        return refusal;
    }

    /// <summary>200 with the resource under its name, or the refusal.</summary>
    public static async ValueTask<Refusal?> OkNamedAsync<T>(
        HttpContext http,
        string name,
        Outcome<T> outcome,
        JsonTypeInfo<T> type
    )
    {
        if (outcome.TryGet(out var record, out var refusal))
            await WriteNamedAsync(http, StatusCodes.Status200OK, name, record, type);
        return refusal;
    }

    /// <summary>201 with the record and its place, or the refusal.</summary>
    public static async ValueTask<Refusal?> CreatedAsync<T>(
        HttpContext http,
        Outcome<T> outcome,
        Func<T, string> location,
        JsonTypeInfo<T> type
    )
    {
        if (!outcome.TryGet(out var record, out var refusal))
            return refusal;
        http.Response.Headers.Location = location(record);
        await WriteAsync(http, StatusCodes.Status201Created, record, type);
        return null;
    }

    /// <summary>201 with the resource under its name and its place, or the refusal.</summary>
    public static async ValueTask<Refusal?> CreatedNamedAsync<T>(
        HttpContext http,
        string name,
        Outcome<T> outcome,
        Func<T, string> location,
        JsonTypeInfo<T> type
    )
    {
        if (!outcome.TryGet(out var record, out var refusal))
            return refusal;
        http.Response.Headers.Location = location(record);
        await WriteNamedAsync(http, StatusCodes.Status201Created, name, record, type);
        return null;
    }
}
