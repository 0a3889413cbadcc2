using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ams.Api.Messages;

/// <summary>An answer whose <c>items</c> are stored bytes: they go from the log to the wire without being read. Whatever can be refused is judged
/// before it begins, so that nothing but a broken connection stops it on the way.</summary>
internal sealed class SplicedAnswer
{
    private const int FlushBytes = 64 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly HttpContext _http;
    private int _unflushedBytes;

    /// <summary>Begins the answer and its items.</summary>
    public SplicedAnswer(HttpContext http, int status)
    {
        _http = http;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        Json = new Utf8JsonWriter(http.Response.BodyWriter, Options);
        Json.WriteStartObject();
        Json.WriteStartArray("items"u8);
    }

    /// <summary>For the members after the items.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Adds stored bytes; waits for a slow reader once enough has gathered.</summary>
    public async ValueTask AddItemAsync(ReadOnlyMemory<byte> body)
    {
        Json.WriteRawValue(body.Span, skipInputValidation: true);
        _unflushedBytes += body.Length;
        if (_unflushedBytes >= FlushBytes)
            await FlushAsync();
    }

    /// <summary>Ends the items.</summary>
    public void EndItems() => Json.WriteEndArray();

    /// <summary>Ends the answer.</summary>
    public ValueTask EndAsync()
    {
        Json.WriteEndObject();
        return FlushAsync();
    }

    private async ValueTask FlushAsync()
    {
        _unflushedBytes = 0;
        Json.Flush();
        await _http.Response.BodyWriter.FlushAsync(_http.RequestAborted);
    }
}
