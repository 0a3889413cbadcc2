using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Http;

/// <summary>
/// A control-plane request, read strictly. The getters are the list of members that the route knows: whatever was not asked for by the time
/// <see cref="Refusal"/> is read is refused, and so is a member that stands twice, at any depth. <c>null</c> means absent.
/// </summary>
internal sealed class JsonRequest : IDisposable
{
    /// <summary>Most scopes of a request: more than there are is a mistake.</summary>
    public const int ScopesMax = 32;

    private const int DepthMax = 64;

    private readonly JsonDocument _document;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    private JsonRequest(JsonDocument document) => _document = document;

    /// <summary>What is wrong with the members, all of it at once, or null. Ask for every member first.</summary>
    public Refusal? Refusal
    {
        get
        {
            foreach (var member in _document.RootElement.EnumerateObject())
            {
                if (!_known.Contains(member.Name))
                    Fail(member.Name, "This route has no such member; leave it out.");
            }
            return _errors.Count == 0
                ? null
                : new Refusal(ErrorCodes.InvalidRequest, "The request is not valid; `errors` says what to change.")
                {
                    Errors = _errors,
                };
        }
    }

    /// <summary>Reads and parses the body: 413, 415, 400, in this order.</summary>
    /// <param name="optional">True: no body at all stands for <c>{}</c>.</param>
    public static async ValueTask<Outcome<JsonRequest>> ReadAsync(HttpContext http, bool optional = false)
    {
        var read = await RequestBody.ReadAsync(http, Limits.RequestBytesMax);
        if (!read.TryGet(out var body, out var refusal))
            return refusal;
        using (body)
            return Parse(optional && body.Bytes.IsEmpty ? "{}"u8.ToArray() : body.Bytes.ToArray());
    }

    /// <summary>Reads the body, takes from it what <paramref name="bind"/> asks for, and refuses whatever else it holds.</summary>
    /// <param name="optional">True: no body at all stands for <c>{}</c>.</param>
    public static async ValueTask<Outcome<T>> BindAsync<T>(HttpContext http, Func<JsonRequest, T> bind, bool optional = false)
    {
        var read = await ReadAsync(http, optional);
        if (!read.TryGet(out var request, out var unreadable))
            return unreadable;
        using (request)
        {
            var value = bind(request);
            return request.Refusal is { } invalid ? invalid : value;
        }
    }

    /// <summary>For a route that takes no members: the refusal, or null for nothing and for <c>{}</c>.</summary>
    public static async ValueTask<Refusal?> JudgeEmptyAsync(HttpContext http) =>
        (await BindAsync(http, static _ => true, optional: true)).Refusal;

    /// <summary>Parses a request; keeps <paramref name="json"/>.</summary>
    public static Outcome<JsonRequest> Parse(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException e)
        {
            var place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            return new Refusal(ErrorCodes.InvalidJson, $"The body is not JSON of at most {DepthMax} levels; look at {place}.");
        }
        var request = new JsonRequest(document);
        var flaw =
            document.RootElement.ValueKind == JsonValueKind.Object
                ? JsonFlaws.Find(document.RootElement)
                : new Refusal(ErrorCodes.InvalidRequest, "The body is not a JSON object; send one.");
        if (flaw is null)
            return request;
        request.Dispose();
        return flaw;
    }

    /// <summary>A string, or null when it is absent.</summary>
    public string? Text(string name, bool required = false)
    {
        if (!TryMember(name, required, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return Storable(name, value.GetString()!);
        Fail(name, "Give a string.");
        return null;
    }

    /// <summary>A required string; empty when it is absent, and then refused.</summary>
    public string RequiredText(string name) => Text(name, required: true) ?? "";

    /// <summary>A whole number within bounds, or null when it is absent.</summary>
    public int? Whole(string name, int min, int max)
    {
        if (!TryMember(name, required: false, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Fail(name, $"Give a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>A position in a log, 0 or above, or null when it is absent. What is none is <c>invalid_cursor</c>.</summary>
    public Outcome<long?> Seq(string name)
    {
        if (!TryMember(name, required: false, out var value))
            return (long?)null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seq) && seq >= 0)
            return seq;
        return new Refusal(ErrorCodes.InvalidCursor, $"`{name}` is not a channel_seq; give a whole number of 0 or above.");
    }

    /// <summary>Several strings, or null when they are absent.</summary>
    public IReadOnlyList<string>? Texts(string name, int countMax, bool required = false)
    {
        if (!TryMember(name, required, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            Fail(name, "Give an array of strings.");
            return null;
        }
        if (value.GetArrayLength() <= countMax)
            return [.. value.EnumerateArray().Select(item => Storable(name, item.GetString()!) ?? "")];
        Fail(name, $"Give at most {countMax}.");
        return null;
    }

    /// <summary>An RFC 3339 time, or null when it is absent.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        Fail(name, "Give an RFC 3339 time, such as 2026-11-22T08:00:00.123Z.");
        return null;
    }

    /// <summary>One of the given names, or null when it is absent.</summary>
    public T? OneOf<T>(string name, bool required, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        if (Text(name, required) is not { } text)
            return null;
        foreach (var choice in choices)
        {
            if (choice.Name == text)
                return choice.Value;
        }
        var names = new List<string>();
        foreach (var choice in choices)
            names.Add(choice.Name);
        Fail(name, $"Give one of: {string.Join(", ", names)}.");
        return null;
    }

    /// <summary>Notes what is wrong with a member.</summary>
    public void Fail(string name, string sentence) => _errors.TryAdd(name, [sentence]);

    /// <summary>Gives the parsed memory back.</summary>
    public void Dispose() => _document.Dispose();

    private bool TryMember(string name, bool required, out JsonElement value)
    {
        _known.Add(name);
        if (_document.RootElement.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            Fail(name, "It is required.");
        return false;
    }

    /// <summary>No store keeps U+0000 in a name.</summary>
    private string? Storable(string name, string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal))
            return text;
        Fail(name, "Leave out the character U+0000.");
        return null;
    }
}
