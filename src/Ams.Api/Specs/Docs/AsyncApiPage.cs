using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ams.Api.Specs.AsyncApi;

namespace Ams.Api.Specs.Docs;

/// <summary>The sockets for people to read, made from the AsyncAPI document. Plain HTML: no script.</summary>
internal static class AsyncApiPage
{
    /// <summary>The page.</summary>
    public static byte[] Make() => Encoding.UTF8.GetBytes(Render(AsyncApiDocument.Whole()));

    private static string Render(JsonObject document)
    {
        var html = new StringBuilder();
        html.Append(
            """
            <!doctype html>
            <html lang="en">
              <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>AMS: the WebSocket</title>
                <link rel="icon" href="/docs/favicon-32x32.png">
                <link rel="stylesheet" href="/docs/docs.css">
              </head>
              <body>
                <nav>
                  <a href="/docs">HTTP</a>
                  <a href="/docs/websocket.html" aria-current="page">WebSocket</a>
                  <a href="/openapi/v1.json">OpenAPI</a>
                  <a href="/asyncapi/v1.json">AsyncAPI</a>
                </nav>
                <main class="page">

            """
        );
        var info = document["info"]!;
        html.Append($"<h1>{Escape(info["title"])}</h1>\n");
        foreach (var paragraph in info["description"]!.GetValue<string>().Split("\n\n"))
            html.Append($"<p>{Prose(paragraph)}</p>\n");
        foreach (var (_, operation) in document["operations"]!.AsObject())
            AppendOperation(html, document, operation!);
        AppendCloseCodes(html, document["channels"]!["channelRoom"]!["x-close-codes"]!.AsArray());
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendOperation(StringBuilder html, JsonObject document, JsonNode operation)
    {
        var channel = At(document, operation["channel"]!["$ref"]!.GetValue<string>());
        html.Append($"<h2>{Escape(operation["summary"])}</h2>\n<p><code>{Escape(channel["address"])}</code></p>\n");
        foreach (var message in operation["messages"]!.AsArray())
        {
            var inChannel = At(document, message!["$ref"]!.GetValue<string>());
            AppendMessage(html, document, At(document, inChannel["$ref"]!.GetValue<string>()));
        }
    }

    private static void AppendMessage(StringBuilder html, JsonObject document, JsonNode message)
    {
        var payload = message["payload"]!;
        if (payload["$ref"] is { } named)
            payload = At(document, named.GetValue<string>());
        html.Append(
            $"<h3><code>{Escape(message["name"])}</code></h3>\n<p>{Prose(message["summary"]!.GetValue<string>())}</p>\n<table>\n"
        );
        var required =
            payload["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var (name, schema) in payload["properties"]!.AsObject().Where(member => member.Key != "type"))
        {
            var optional = required.Contains(name) ? "" : "?";
            var description = schema!["description"]?.GetValue<string>() ?? "";
            html.Append(
                $"<tr><td><code>{Escape(name)}{optional}</code></td><td>{Escape(TypeOf(schema))}</td><td>{Prose(description)}</td></tr>\n"
            );
        }
        html.Append("</table>\n");
        if (message["examples"]?[0]?["payload"] is { } example)
            html.Append($"<pre>{Escape(example.ToJsonString(SpecJson.Compact))}</pre>\n");
    }

    private static void AppendCloseCodes(StringBuilder html, JsonArray codes)
    {
        html.Append("<h2>Close codes</h2>\n<table>\n<tr><th>code</th><th>come back?</th><th>meaning</th></tr>\n");
        foreach (var code in codes)
        {
            var comesBack = code!["reconnect"]!.GetValue<bool>() ? "reconnect" : "stop";
            html.Append($"<tr><td>{Escape(code["code"])}</td><td>{comesBack}</td><td>{Escape(code["meaning"])}</td></tr>\n");
        }
        html.Append("</table>\n");
    }

    private static JsonNode At(JsonObject document, string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode)document, (node, name) => node[name]!);

    private static string TypeOf(JsonNode schema) =>
        schema["type"]?.GetValue<string>() ?? schema["$ref"]?.GetValue<string>().Split('/')[^1] ?? "";

    /// <summary>Text in which back-ticks mark code.</summary>
    private static string Prose(string text)
    {
        var parts = text.Split('`');
        return string.Concat(parts.Select((part, i) => i % 2 == 0 ? Escape(part) : $"<code>{Escape(part)}</code>"));
    }

    private static string Escape(JsonNode? node) => Escape(node?.ToString() ?? "");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
