using System.Text.Json;
using System.Text.RegularExpressions;
using Ams.Contracts;

namespace Ams.Api.Hosting;

/// <summary>Takes secrets out of text on its way out: every token and every password of a URL, by its form, and the secrets of the settings, by their
/// value, also as JSON and URLs write it.</summary>
internal sealed partial class Redaction(IEnumerable<string> secrets)
{
    private const string TokenMark = "wat_";

    private readonly string[] _secrets =
    [
        .. secrets
            .Where(secret => secret.Length >= 8)
            .SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret), InJson(secret)])
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length),
    ];

    /// <summary>The text without secrets.</summary>
    public string Apply(string text)
    {
        text = Tokens(text);
        if (text.Contains("://", StringComparison.Ordinal))
            text = UrlPassword().Replace(text, "${scheme}***@");
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    /// <summary>A refusal whose sentences hold no secret: they may name a member, and a client may have put anything there.</summary>
    public Refusal Apply(Refusal refusal) => With(refusal, Apply);

    /// <summary>A refusal without tokens.</summary>
    public static Refusal Tokens(Refusal refusal) => With(refusal, Tokens);

    /// <summary>The text without tokens.</summary>
    public static string Tokens(string text) =>
        text.Contains(TokenMark, StringComparison.Ordinal) ? Token().Replace(text, "wat_***") : text;

    private static Refusal With(Refusal refusal, Func<string, string> redact) =>
        refusal with
        {
            Detail = redact(refusal.Detail),
            Errors = refusal
                .Errors?.GroupBy(member => redact(member.Key), StringComparer.Ordinal)
                .ToDictionary(
                    member => member.Key,
                    member => member.SelectMany(pair => pair.Value).Select(redact).ToArray(),
                    StringComparer.Ordinal
                ),
        };

    private static string InJson(string secret) => JsonEncodedText.Encode(secret, LogLineFormatter.Encoder).Value;

    [GeneratedRegex("wat_[0-9A-Za-z]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex(
        @"(?<scheme>[a-z]{2,16}://[^\s/:@""]{0,256}:)[^\s/@""]{1,512}@",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex UrlPassword();
}
