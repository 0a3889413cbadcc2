using System.Globalization;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>Reads a request's query parameters and gathers what is wrong with them. Parameters that nobody asks for are ignored.</summary>
internal sealed class QueryReader(HttpContext http)
{
    private Dictionary<string, string[]>? _errors;
    private Refusal? _cursor;

    /// <summary>The first thing that is wrong with a position, else all that is wrong with the rest, else null.</summary>
    public Refusal? Refusal =>
        _cursor
        ?? (
            _errors is null
                ? null
                : new Refusal(ErrorCodes.InvalidRequest, "The query is not valid; `errors` says what to change.")
                {
                    Errors = _errors,
                }
        );

    /// <summary>A text, or null when it is absent or empty.</summary>
    public string? Text(string name) => Given(name) is { Length: > 0 } text ? text : null;

    /// <summary><c>limit</c>: 1 to 1000, 100 when absent.</summary>
    public int Limit() => Whole("limit", 1, Limits.PageMax) is { } limit ? (int)limit : Limits.PageDefault;

    /// <summary>A whole number within bounds, or null when it is absent.</summary>
    public long? Whole(string name, long min, long max)
    {
        if (Given(name) is not { } text)
            return null;
        if (
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max
        )
            return value;
        Fail(name, $"Give a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>A position in a log, 0 or above, or null when it is absent. What is none is <c>invalid_cursor</c>.</summary>
    public long? Seq(string name)
    {
        var values = http.Request.Query[name];
        if (values.Count == 0)
            return null;
        if (values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            return seq;
        _cursor ??= new Refusal(
            ErrorCodes.InvalidCursor,
            $"`{name}` is not a channel_seq; give a whole number of 0 or above, once."
        );
        return null;
    }

    /// <summary>A bool, false when it is absent.</summary>
    public bool Flag(string name)
    {
        var text = Given(name);
        if (text is not (null or "true" or "false"))
            Fail(name, "Give true or false.");
        return text == "true";
    }

    /// <summary>An RFC 3339 time, or null when it is absent.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Given(name) is not { } text)
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        Fail(name, "Give an RFC 3339 time, such as 2026-11-22T08:00:00.123Z.");
        return null;
    }

    /// <summary>Notes what is wrong with a parameter.</summary>
    public void Fail(string name, string sentence)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        _errors.TryAdd(name, [sentence]);
    }

    // What was given, empty or not: an empty number is not a number.
    private string? Given(string name)
    {
        var values = http.Request.Query[name];
        if (values.Count <= 1)
            return values.Count == 0 ? null : values[0];
        Fail(name, "Give it once.");
        return null;
    }
}
