using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ams.Api.Hosting;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Errors;

/// <summary>Writes a refusal as problem+json (RFC 9457; protocol, section 4).</summary>
internal static class ProblemWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Answers with the refusal's status, headers and members. A response that has begun can't be mended: it is aborted, so that the
    /// reader does not take it for whole.</summary>
    public static async Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            http.Abort();
            return;
        }
        response.StatusCode = refusal.Code.Status;
        response.ContentType = "application/problem+json";
        switch (refusal.Code.Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = RetryAfterSeconds(http);
                break;
            case StatusCodes.Status429TooManyRequests when refusal.Code == ErrorCodes.RateLimited:
                response.Headers.RetryAfter = RetryAfterSeconds(http);
                break;
        }
        if (http.RequestServices.GetService<Redaction>() is { } redaction)
            refusal = redaction.Apply(refusal);
        var body = Format(refusal, http.RequestId());
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.BodyWriter.WriteAsync(body);
    }

    /// <summary>The bytes of a problem.</summary>
    public static ReadOnlyMemory<byte> Format(Refusal refusal, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + refusal.Event.Length);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "/problems/" + refusal.Code.Code);
        json.WriteString("title"u8, refusal.Code.Title);
        json.WriteNumber("status"u8, refusal.Code.Status);
        json.WriteString("detail"u8, refusal.Detail);
        json.WriteString("code"u8, refusal.Code.Code);
        json.WriteString("request_id"u8, requestId);
        json.WriteBoolean("retryable"u8, refusal.Code.Retryable);
        if (refusal.Errors is { Count: > 0 } errors)
            WriteErrors(json, errors);
        if (refusal.HeadSeq is { } head)
            json.WriteNumber("head_seq"u8, head);
        if (refusal.LogId is { } logId)
            json.WriteString("log_id"u8, logId);
        if (refusal.FirstAvailableSeq is { } first)
            json.WriteNumber("first_available_seq"u8, first);
        if (!refusal.Event.IsEmpty)
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(refusal.Event.Span, skipInputValidation: true);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyDictionary<string, string[]> errors)
    {
        json.WriteStartObject("errors"u8);
        foreach (var (member, sentences) in errors)
        {
            json.WriteStartArray(member);
            foreach (var sentence in sentences)
                json.WriteStringValue(sentence);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static string RetryAfterSeconds(HttpContext http) =>
        ((int)Math.Ceiling(Math.Max(1, (http.State().RetryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds))).ToString();
}
