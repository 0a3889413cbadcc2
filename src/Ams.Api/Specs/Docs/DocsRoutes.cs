using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Specs.Docs;

/// <summary>Pages about the API. Everything comes from this assembly and its references, nothing from elsewhere.</summary>
internal static class DocsRoutes
{
    // No inline script, no eval, nothing remote. Swagger UI sets styles on elements and has small pictures in its style sheet.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/docs", http => WriteAsync(http, DocsFiles.Index));
        routes.Get("/docs/{file}", FileAsync);
    }

    private static async ValueTask<Refusal?> FileAsync(HttpContext http)
    {
        if (DocsFiles.Find(http.Route("file")) is not { } file)
            return Refusal.NotFound("page");
        await WriteAsync(http, file);
        return null;
    }

    private static async Task WriteAsync(HttpContext http, DocsFile file)
    {
        http.Response.ContentType = file.MediaType;
        http.Response.ContentLength = file.Bytes.Length;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        await http.Response.BodyWriter.WriteAsync(file.Bytes, http.RequestAborted);
    }
}
