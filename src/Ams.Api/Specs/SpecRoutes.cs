using System.Text;
using System.Text.Json.Nodes;
using Ams.Api.Http;
using Ams.Api.Specs.AsyncApi;
using Ams.Api.Specs.Docs;
using Ams.Api.Specs.OpenApi;

namespace Ams.Api.Specs;

/// <summary>The machine-readable documents and the pages about them. Each is made once, when it is first asked for.</summary>
internal static class SpecRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made late: by then every route is mapped.
        var openApi = new Lazy<ReadOnlyMemory<byte>>(() => Bytes(OpenApiDocument.Of(routes.DataSources)));
        var asyncApi = new Lazy<ReadOnlyMemory<byte>>(() => Bytes(AsyncApiDocument.Whole()));
        routes.MapGet("/openapi/v1.json", http => Answers.WriteAsync(http, StatusCodes.Status200OK, openApi.Value));
        routes.MapGet("/asyncapi/v1.json", http => Answers.WriteAsync(http, StatusCodes.Status200OK, asyncApi.Value));
        DocsRoutes.Map(routes);
    }

    private static ReadOnlyMemory<byte> Bytes(JsonObject document) =>
        Encoding.UTF8.GetBytes(document.ToJsonString(SpecJson.Indented));
}
