using System.Text.Json;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>The member <c>mentions</c>. It is a set in the caller's order: a principal that stands in it again is mentioned once, at its first place.</summary>
internal struct MentionList
{
    private const int IdLengthMax = 64;

    private List<string>? _ids;

    /// <summary>Reads the array on which <paramref name="reader"/> stands, to its end.</summary>
    /// <returns>What stands against it, or null.</returns>
    public (string Member, string Sentence)? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return ("mentions", "mentions is an array of principal ids.");
        }

        (string, string)? wrong = null;
        var count = 0;
        _ids = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = count++;
            if (count > Limits.MentionsMax)
                wrong ??= ("mentions", $"mentions has at most {Limits.MentionsMax} principals; mention fewer.");
            else if (reader.TokenType == JsonTokenType.String && Strings.TryRead(ref reader, out var id) && IsIdLike(id))
                _ids.Add(id);
            else
                wrong ??= ($"mentions[{at}]", "Each of mentions is the id of a principal of this workspace.");
            reader.Skip();
        }

        return wrong;
    }

    /// <summary>The ids, each once, in the caller's order.</summary>
    public readonly IReadOnlyList<string> Distinct() =>
        _ids switch
        {
            null or { Count: 0 } => [],
            { Count: 1 } => [_ids[0]],
            _ => [.. _ids.Distinct(StringComparer.Ordinal)],
        };

    /// <summary>Adds the list as it was sent.</summary>
    public readonly void AddTo(ref Fingerprint form)
    {
        form.Number(_ids?.Count ?? 0);
        if (_ids is null)
            return;
        foreach (var id in _ids)
            form.Text(id);
    }

    // The directory is asked only for what could be an id, whatever the caller sends.
    private static bool IsIdLike(string id) =>
        id is { Length: > 0 and <= IdLengthMax } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
