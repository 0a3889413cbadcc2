using System.Globalization;

namespace Ams.Api.Configuration;

/// <summary>
/// The settings as text, from three layers: the reference, a file, the environment. Each read names a key; a key that the reference does not
/// have is a bug, and a key of the reference that was never read is one too, which <see cref="Unread"/> shows.
/// </summary>
internal sealed class SettingsReader
{
    private readonly Dictionary<string, string?> _values;
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Begins with the reference alone.</summary>
    public SettingsReader(Dictionary<string, string?> reference) => _values = new(reference, StringComparer.Ordinal);

    /// <summary>The keys that nobody asked for.</summary>
    public IEnumerable<string> Unread => _values.Keys.Except(_read, StringComparer.Ordinal);

    /// <summary>Puts a value over the one that is there.</summary>
    /// <param name="origin">How an error names the key: as who set it knows it.</param>
    /// <exception cref="SettingsException">The reference has no such key.</exception>
    public void Overlay(string key, string? value, string origin)
    {
        if (!_values.ContainsKey(key))
            throw new SettingsException($"{origin} is not a setting; hocon/reference.conf lists all there are");
        _values[key] = value;
        _origins[key] = origin;
    }

    /// <summary>A text, or null when it is not set.</summary>
    public string? Text(string key)
    {
        _read.Add(key);
        return string.IsNullOrEmpty(_values[key]) ? null : _values[key];
    }

    /// <summary>A value of which there must be one.</summary>
    public T Required<T>(string key, string form, Func<string, (bool Ok, T Value)> parse)
        where T : notnull
    {
        if (Text(key) is { } text && parse(text) is (true, var value))
            return value;
        throw Wrong(key, form);
    }

    /// <summary>A duration.</summary>
    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max)
    {
        var form = $"a duration from {Units.Format(min)} to {Units.Format(max)}, such as 30s";
        return Required(key, form, text => (Units.TryDuration(text, out var value) && value >= min && value <= max, value));
    }

    /// <summary>A size in bytes.</summary>
    public int Bytes(string key, int min, int max) =>
        Required(
            key,
            $"a size from {min}B to {max}B, such as 64KiB",
            text => (Units.TryBytes(text, out var value) && value >= min && value <= max, (int)value)
        );

    /// <summary>A whole number.</summary>
    public int Whole(string key, int min, int max) =>
        Required(
            key,
            $"a whole number from {min} to {max}",
            text =>
                (
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                        && value >= min
                        && value <= max,
                    value
                )
        );

    /// <summary>A bool.</summary>
    public bool Flag(string key) => Required(key, "true or false", text => (text is "true" or "false", text == "true"));

    /// <summary>One of several words.</summary>
    public string OneOf(string key, params string[] words) =>
        Required(key, "one of " + string.Join(", ", words), text => (words.Contains(text, StringComparer.Ordinal), text));

    /// <summary>The error for a value that is not of its form. Names the key, never the value, which may be a secret.</summary>
    public SettingsException Wrong(string key, string form) => new($"{Name(key)} must be {form}");

    /// <summary>The key as whoever set it knows it.</summary>
    public string Name(string key) => _origins.GetValueOrDefault(key, key);
}
