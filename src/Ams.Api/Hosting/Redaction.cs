using System.Text.RegularExpressions;

namespace Ams.Api.Hosting;

/// <summary>Takes secrets out of text on its way to the log: every token, by its form, and the secrets of the settings, by their value.</summary>
internal sealed partial class Redaction(IEnumerable<string> secrets)
{
    private readonly string[] _secrets =
    [
        .. secrets.Where(secret => secret.Length >= 8).OrderByDescending(secret => secret.Length),
    ];

    /// <summary>The text without secrets.</summary>
    public string Apply(string text)
    {
        if (text.Contains("wat_", StringComparison.Ordinal))
            text = Token().Replace(text, "wat_***");
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex("wat_[0-9A-Za-z]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
