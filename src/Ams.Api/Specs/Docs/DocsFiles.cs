using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Ams.Api.Specs.Docs;

/// <summary>A file of the pages.</summary>
internal sealed record DocsFile(string MediaType, ReadOnlyMemory<byte> Bytes);

/// <summary>The closed list of what the pages are made of. Read once, then kept.</summary>
internal static class DocsFiles
{
    private const string Html = "text/html; charset=utf-8";
    private const string Script = "text/javascript; charset=utf-8";
    private const string Style = "text/css; charset=utf-8";

    private const string Ours = "docs.";
    private const string SwaggerUi = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    private static readonly ConcurrentDictionary<string, DocsFile> Read = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, (string MediaType, Func<byte[]> Make)> Known = new(StringComparer.Ordinal)
    {
        ["index.html"] = (Html, () => Embedded(Assembly.GetExecutingAssembly(), Ours + "index.html")),
        ["docs.js"] = (Script, () => Embedded(Assembly.GetExecutingAssembly(), Ours + "docs.js")),
        ["docs.css"] = (Style, () => Embedded(Assembly.GetExecutingAssembly(), Ours + "docs.css")),
        ["websocket.html"] = (Html, AsyncApiPage.Make),
        ["swagger-ui.css"] = (Style, () => Embedded(typeof(SwaggerUIOptions).Assembly, SwaggerUi + "swagger-ui.css")),
        ["swagger-ui-bundle.js"] = (
            Script,
            () => Embedded(typeof(SwaggerUIOptions).Assembly, SwaggerUi + "swagger-ui-bundle.js")
        ),
        ["favicon-32x32.png"] = ("image/png", () => Embedded(typeof(SwaggerUIOptions).Assembly, SwaggerUi + "favicon-32x32.png")),
    };

    /// <summary>The first page.</summary>
    public static DocsFile Index => Find("index.html")!;

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>A file, or null.</summary>
    public static DocsFile? Find(string name) =>
        Known.TryGetValue(name, out var known)
            ? Read.GetOrAdd(name, static (_, known) => new DocsFile(known.MediaType, known.Make()), known)
            : null;

    private static byte[] Embedded(Assembly assembly, string name)
    {
        using var stream =
            assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var read = bytes.ToArray();
        return read is [0x1f, 0x8b, ..] ? Inflate(read) : read;
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
