using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Unicode;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>A request's body in a rented buffer: within its limit, of the right media type, and UTF-8.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstRentBytes = 4096;

    private byte[]? _rented;
    private readonly int _length;

    private RequestBody(byte[] rented, int length)
    {
        _rented = rented;
        _length = length;
    }

    /// <summary>The bytes; empty when none were sent. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _rented is { } rented ? rented.AsMemory(0, _length) : default;

    /// <summary>Reads it whole. Refusals in the protocol's order: 413, 415, 400.</summary>
    /// <param name="bytesMax">The largest body; one byte more is <c>body_too_large</c>.</param>
    /// <exception cref="BadHttpRequestException">The peer broke HTTP, or sent too slowly.</exception>
    public static async ValueTask<Outcome<RequestBody>> ReadAsync(HttpContext http, int bytesMax)
    {
        if (http.Request.ContentLength > bytesMax)
            return TooLarge(bytesMax);
        // Without a length the media type is judged first, as nobody is made to send a body that is refused anyway.
        if (http.Request.ContentLength != 0 && HasBody(http) && JudgeMediaType(http.Request) is { } unsupported)
            return unsupported;
        var rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(bytesMax, http.Request.ContentLength + 1 ?? FirstRentBytes));
        var length = 0;
        try
        {
            while (true)
            {
                if (length == rented.Length)
                    rented = Grow(rented, length);
                var read = await http.Request.Body.ReadAsync(rented.AsMemory(length), http.RequestAborted);
                if (read == 0)
                    break;
                length += read;
                if (length > bytesMax)
                    return TooLarge(bytesMax);
            }
            if (!Utf8.IsValid(rented.AsSpan(0, length)))
                return new Refusal(ErrorCodes.InvalidJson, "The body is not UTF-8; send JSON in UTF-8.");
            var body = new RequestBody(rented, length);
            rented = null;
            return body;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool HasBody(HttpContext http) =>
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private static Refusal? JudgeMediaType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count == 0 && IsJson(request.ContentType))
            return null;
        return new Refusal(
            ErrorCodes.UnsupportedMediaType,
            "Send the body as `Content-Type: application/json`, in UTF-8, uncompressed."
        );
    }

    private static bool IsJson(string? contentType)
    {
        if (string.Equals(contentType, "application/json", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return false;
        return string.Equals(parsed.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            && parsed.Parameters.All(IsUtf8);
    }

    private static bool IsUtf8(NameValueHeaderValue parameter) =>
        !string.Equals(parameter.Name, "charset", StringComparison.OrdinalIgnoreCase)
        || string.Equals(parameter.Value?.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase);

    private static byte[] Grow(byte[] rented, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        rented.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(rented);
        return larger;
    }

    private static Refusal TooLarge(int bytesMax) =>
        new(ErrorCodes.BodyTooLarge, $"The body is larger than {bytesMax} bytes; send less at once.");
}
