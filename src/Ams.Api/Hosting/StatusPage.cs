using System.Reflection;

namespace Ams.Api.Hosting;

/// <summary>What a browser sees at <c>/</c>.</summary>
internal static class StatusPage
{
    private static readonly byte[] Html = System.Text.Encoding.UTF8.GetBytes(
        $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>AMS</title>
        <h1>AMS {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}</h1>
        <p>The server runs. <a href="/readyz">Is it ready?</a></p>
        <p>The API: <a href="/docs">pages</a>, <a href="/docs/websocket.html">WebSocket</a>, <a href="/openapi/v1.json">OpenAPI</a>,
        <a href="/asyncapi/v1.json">AsyncAPI</a></p>
        </html>

        """
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/",
            async http =>
            {
                http.Response.ContentType = "text/html; charset=utf-8";
                http.Response.ContentLength = Html.Length;
                await http.Response.BodyWriter.WriteAsync(Html, http.RequestAborted);
            }
        );
}
