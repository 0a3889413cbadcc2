using System.Buffers;
using Ams.Contracts;
using Microsoft.Extensions.Primitives;

namespace Ams.Api.Messages;

/// <summary>Where a key comes from: the header <c>Idempotency-Key</c>, the member <c>idempotency_key</c>, or both when they agree (protocol, section 6).</summary>
internal static class IdempotencyKeys
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    private static readonly SearchValues<char> Visible = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    /// <summary>Reads the header: bare, or as a structured string (RFC 8941, section 3.3.3).</summary>
    /// <returns>The key, null when the header is absent, or <c>invalid_idempotency_key</c>.</returns>
    public static Outcome<string?> FromHeader(StringValues header)
    {
        if (header.Count == 0)
            return (string?)null;
        if (header.Count > 1)
            return new Refusal(ErrorCodes.InvalidIdempotencyKey, "Send the header Idempotency-Key once.");
        var text = header[0] ?? "";
        var key = text.StartsWith('"') ? Unquote(text) : text;
        return IsValid(key) ? key : Malformed();
    }

    /// <summary>True for 1 to 255 visible ASCII characters.</summary>
    public static bool IsValid([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? key) =>
        key is { Length: > 0 and <= Limits.IdempotencyKeyLengthMax } && !key.AsSpan().ContainsAnyExcept(Visible);

    /// <summary>The one key of a request that must have one.</summary>
    public static Outcome<string> Agree(string? header, string? member)
    {
        if (member is not null && !IsValid(member))
            return Malformed();
        if (header is not null && member is not null && !string.Equals(header, member, StringComparison.Ordinal))
            return new Refusal(
                ErrorCodes.InvalidIdempotencyKey,
                "The header Idempotency-Key and the member idempotency_key differ; send one of them, or the same key in both."
            );
        return (header ?? member) is { } key
            ? key
            : new Refusal(
                ErrorCodes.IdempotencyKeyRequired,
                "Send a key of your own with the header Idempotency-Key or the member idempotency_key, and the same one with each repeat."
            );
    }

    private static Refusal Malformed() =>
        new(
            ErrorCodes.InvalidIdempotencyKey,
            $"An idempotency key is 1 to {Limits.IdempotencyKeyLengthMax} visible ASCII characters, bare or as one quoted string."
        );

    private static string? Unquote(string text)
    {
        if (text.Length < 2 || text[^1] != '"')
            return null;
        var inner = text.AsSpan(1, text.Length - 2);
        if (!inner.ContainsAny('\\', '"'))
            return inner.ToString();
        var key = new System.Text.StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"')
                return null;
            if (inner[i] == '\\' && (++i == inner.Length || inner[i] is not ('"' or '\\')))
                return null;
            key.Append(inner[i]);
        }

        return key.ToString();
    }
}
