using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Sends calls, turns problems into exceptions, and repeats what may be repeated.</summary>
internal sealed class AmsHttp : IDisposable
{
    private readonly AmsClientOptions _options;
    private readonly HttpClient _http;

    public AmsHttp(AmsClientOptions options)
    {
        _options = options;
        Root = Rooted(options.BaseUrl);
        _http = options.Handler is null
            ? new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            : new HttpClient(options.Handler, disposeHandler: false);
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.DefaultRequestVersion = HttpVersion.Version11;
    }

    /// <summary>The base URL, with the slash that relative paths need.</summary>
    public Uri Root { get; }

    /// <summary>Sends a call, repeating it by the rules of <see cref="RetryOptions"/>, and reads the whole answer.</summary>
    /// <exception cref="AmsException">The call was refused, or there was no answer within the time.</exception>
    public async Task<Answer> SendAsync(Call call, CancellationToken ct)
    {
        var backoff = NewBackoff();
        var started = _options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await AttemptAsync(call, ct);
            }
            catch (AmsException fault) when (MayRepeat(call, fault))
            {
                var delay = fault.RetryAfter is { } asked ? backoff.AtLeast(asked) : backoff.Next();
                if (_options.Time.GetElapsedTime(started) + delay > _options.Retry.TotalTime)
                {
                    throw;
                }

                await Task.Delay(delay, _options.Time, ct);
            }
        }
    }

    /// <summary>Sends a call once and hands out the body as it arrives; the caller disposes of the response.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Call call, CancellationToken ct)
    {
        using var request = NewRequest(call);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException fault)
        {
            throw Unreachable(fault);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response, await response.Content.ReadAsByteArrayAsync(ct));
        }
    }

    public void Dispose() => _http.Dispose();

    internal Backoff NewBackoff() => new(_options.Retry.DelayMin, _options.Retry.DelayMax, _options.Jitter);

    /// <summary>A call that can't be done twice is repeated only when it certainly was not done: no connection, or refused by the rate.</summary>
    private static bool MayRepeat(Call call, AmsException fault) =>
        fault.Retryable
        && fault.Code != ErrorCodes.ClaimHeld.Code
        && (
            call.Repeatable
            || fault is AmsUnreachableException { NeverSent: true }
            || fault.Status == (int)HttpStatusCode.TooManyRequests
        );

    private async Task<Answer> AttemptAsync(Call call, CancellationToken ct)
    {
        using var request = NewRequest(call);
        using var timeout = new CancellationTokenSource(_options.Retry.AttemptTimeout + call.ExtraTime, _options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            return response.IsSuccessStatusCode
                ? new Answer((int)response.StatusCode, body, Replayed(response))
                : throw Refused(response, body);
        }
        catch (HttpRequestException fault)
        {
            throw Unreachable(fault);
        }
        catch (IOException fault)
        {
            throw new AmsUnreachableException($"The connection to {Root} broke: {fault.Message}", fault);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new AmsUnreachableException($"{Root} did not answer in time; check that the server is well.", fault);
        }
    }

    private HttpRequestMessage NewRequest(Call call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(Root, call.Path));
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", call.Accept ?? "application/json");
        if (call.AsPlatform)
        {
            request.Headers.TryAddWithoutValidation("X-Platform-Key", _options.PlatformKey);
        }
        else if (_options.Token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_options.Token}");
        }

        if (call.IdempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", call.IdempotencyKey);
        }

        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private AmsUnreachableException Unreachable(HttpRequestException fault) =>
        new($"Can't reach {Root} ({Innermost(fault)}); check the address and that the server runs.", fault)
        {
            NeverSent =
                fault.HttpRequestError
                    is HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError,
        };

    private static AmsException Refused(HttpResponseMessage response, byte[] body)
    {
        var retryAfter = RetryAfter(response.Headers);
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && TryRead(body) is { } problem)
        {
            return new AmsException(problem) { RetryAfter = retryAfter };
        }

        // A proxy in between: no problem of ours, but its status still says whether to come back.
        var status = (int)response.StatusCode;
        var requestId = response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.First() : "";
        var detail = $"The server answered {status} without a problem document; check that the address is that of an AMS server.";
        var retryable = status is 429 or 502 or 503 or 504;
        return new AmsException(new Problem("about:blank", "HTTP error", status, detail, "http_error", requestId, retryable))
        {
            RetryAfter = retryAfter,
        };
    }

    private static Problem? TryRead(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, AmsJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.TryGetValues("Retry-After", out var values) ? RetryAfter(values.First()) : null;

    internal static TimeSpan? RetryAfter(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 3600))
            : null;

    private static bool Replayed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.First() == "true";

    private static string Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault.Message;

    private static Uri Rooted(Uri url) =>
        url.AbsolutePath.EndsWith('/') ? url : new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;
}
