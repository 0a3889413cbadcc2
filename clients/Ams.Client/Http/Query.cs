using System.Text;

namespace Ams.Client;

/// <summary>Builds a path with a query; what is null is left out.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    public Query Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public Query Add(string name, long? value) => Add(name, value?.ToString());

    public Query Add(string name, DateTimeOffset? value) =>
        Add(name, value is { } time ? Ams.Contracts.Rfc3339.Format(time) : null);

    public override string ToString() => _text.ToString();
}
