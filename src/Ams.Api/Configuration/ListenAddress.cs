namespace Ams.Api.Configuration;

/// <summary>An address to listen on: <c>http://host:port</c> and nothing after it.</summary>
internal static class ListenAddress
{
    /// <summary>The address, or null when it is none.</summary>
    public static Uri? Parse(string text)
    {
        // A host of * or + means every interface to Kestrel; a URI can't hold it.
        var asUri = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal)
            .Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return
            Uri.TryCreate(asUri, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? uri
            : null;
    }
}
