using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ams.Api.Auth;
using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>OpenAPI 3.1, made from the route table and what <see cref="Operation"/>s say of it: method, path, credential and scope are the routes' own.</summary>
internal sealed partial class OpenApiDocument
{
    private const string ProblemJson = "application/problem+json";

    private readonly SortedDictionary<string, JsonNode?> _responses = new(StringComparer.Ordinal);
    private readonly JsonObject _paths = [];

    /// <summary>Everything that is said of routes, by route.</summary>
    public static IReadOnlyDictionary<string, Operation> Operations { get; } =
        ResourceOperations
            .All.Concat(LogOperations.All)
            .Concat(ServiceOperations.All)
            .ToDictionary(operation => operation.Route, StringComparer.Ordinal);

    /// <summary>The routes of a server, as <c>GET /v1/me</c>, and what each needs.</summary>
    public static IEnumerable<(string Route, Need? Need)> RoutesOf(IEnumerable<EndpointDataSource> sources) =>
        from source in sources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get]
        select ($"{method} {endpoint.RoutePattern.RawText}", endpoint.Metadata.GetMetadata<Need>());

    /// <summary>The document of a server. A route of which nothing is said is not in it; a test sees to it that there is none.</summary>
    public static JsonObject Of(IEnumerable<EndpointDataSource> sources)
    {
        var document = new OpenApiDocument();
        foreach (var (route, need) in RoutesOf(sources))
        {
            if (Operations.TryGetValue(route, out var operation))
                document.Add(operation, need);
        }
        return document.Whole();
    }

    private JsonObject Whole() =>
        new()
        {
            ["openapi"] = "3.1.0",
            ["jsonSchemaDialect"] = "https://spec.openapis.org/oas/3.1/dialect/base",
            ["info"] = SpecInfo.Info("AMS over HTTP", Prose),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "This server." }),
            ["tags"] = new JsonArray([
                .. Tags.Select(tag => (JsonNode)new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description }),
            ]),
            ["paths"] = _paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = SpecInfo.SecuritySchemes(),
                ["headers"] = Headers(),
                ["responses"] = new JsonObject(_responses),
                ["schemas"] = SpecInfo.Schemas(
                    ResourceSchemas.All,
                    LogSchemas.All,
                    ProblemSchemas.All,
                    ServiceOperations.SchemasAll
                ),
            },
        };

    private void Add(Operation operation, Need? need)
    {
        var (method, path) = (operation.Route.Split(' ')[0], operation.Route.Split(' ')[1]);
        if (_paths[path] is not JsonObject item)
            _paths[path] = item = [];
        var responses = new JsonObject();
        foreach (var answer in operation.Answers)
            responses[answer.Status.ToString()] = Response(answer, need);
        foreach (
            var refused in RefusalsOf(operation, need)
                .DistinctBy(code => code.Code)
                .GroupBy(code => code.Status)
                .OrderBy(g => g.Key)
        )
            responses[refused.Key.ToString()] = ProblemRef([.. refused.OrderBy(code => code.Code, StringComparer.Ordinal)]);
        var said = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
            ["description"] = Describe(operation, need),
            ["security"] = Security(need),
        };
        if (need?.Scope is { } scope and not Scopes.None)
            said["x-required-scope"] = scope.Names().Single();
        var parameters = ParametersOf(operation, path);
        if (parameters.Count > 0)
            said["parameters"] = parameters;
        if (operation.Body is { } body)
            said["requestBody"] = RequestBody(body);
        said["responses"] = responses;
        item[method.ToLowerInvariant()] = said;
    }

    private static string Describe(Operation operation, Need? need)
    {
        var needs = need switch
        {
            null => "Needs no token.",
            { Kind: NeedKind.PlatformKey } => "Needs the platform key.",
            { Scope: Scopes.None } => "Needs any valid token.",
            { Scope: var scope } => $"Needs a token with the scope `{scope.Names().Single()}`.",
        };
        return operation.Description.Length == 0 ? needs : $"{operation.Description}\n\n{needs}";
    }

    private static JsonArray Security(Need? need) =>
        need switch
        {
            null => [],
            { Kind: NeedKind.PlatformKey } => [new JsonObject { ["platformKey"] = new JsonArray() }],
            _ => [new JsonObject { ["bearer"] = new JsonArray() }],
        };

    private static JsonArray ParametersOf(Operation operation, string path)
    {
        var parameters = new JsonArray();
        foreach (Match part in PathPart().Matches(path))
        {
            var name = part.Groups["name"].Value;
            parameters.Add(
                (JsonNode)Parameter(new(name, "path", Specs.OpenApi.Parameters.PathSchema(operation.Route, name), Required: true))
            );
        }
        foreach (var parameter in operation.Parameters)
            parameters.Add((JsonNode)Parameter(parameter));
        return parameters;
    }

    private static JsonObject Parameter(Parameter parameter)
    {
        var schema = (JsonObject)parameter.Schema.DeepClone();
        var description = schema["description"]!.GetValue<string>();
        schema.Remove("description");
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.In,
            ["required"] = parameter.Required,
            ["description"] = description,
            ["schema"] = schema,
        };
    }

    private static JsonObject RequestBody(Body body) =>
        new()
        {
            ["required"] = body.Required,
            ["description"] = $"JSON in UTF-8, at most {body.Limit}.",
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Schema.Ref(body.Schema) } },
        };

    private static JsonObject Response(Answer answer, Need? need)
    {
        var headers = new JsonObject();
        IEnumerable<string> names = ["X-Request-Id", .. answer.Headers];
        if (need is { Kind: not NeedKind.PlatformKey })
            names = names.Concat(["RateLimit", "RateLimit-Policy"]);
        foreach (var name in names)
            headers[name] = new JsonObject { ["$ref"] = "#/components/headers/" + name };
        var response = new JsonObject { ["description"] = answer.Description, ["headers"] = headers };
        if (answer.Content.Length == 0)
            return response;
        var content = new JsonObject();
        foreach (var (mediaType, schema) in answer.Content)
            content[mediaType] = new JsonObject
            {
                ["schema"] = schema is null ? new JsonObject { ["type"] = "string" } : Schema.Ref(schema),
            };
        return response.With("content", content);
    }

    private JsonObject ProblemRef(IReadOnlyList<ErrorCode> codes)
    {
        var name = $"{codes[0].Status}.{string.Join('.', codes.Select(code => code.Code))}";
        if (!_responses.ContainsKey(name))
            _responses.Add(name, Problem(codes));
        return new JsonObject { ["$ref"] = "#/components/responses/" + name };
    }

    private static JsonObject Problem(IReadOnlyList<ErrorCode> codes)
    {
        var headers = new JsonObject { ["X-Request-Id"] = new JsonObject { ["$ref"] = "#/components/headers/X-Request-Id" } };
        IEnumerable<string> more = codes[0].Status switch
        {
            401 => ["WWW-Authenticate"],
            429 => ["Retry-After", "RateLimit", "RateLimit-Policy"],
            503 => ["Retry-After"],
            _ => [],
        };
        foreach (var name in more)
            headers[name] = new JsonObject { ["$ref"] = "#/components/headers/" + name };
        return new JsonObject
        {
            ["description"] = string.Join(", or ", codes.Select(code => $"`{code.Code}`")) + ".",
            ["headers"] = headers,
            ["content"] = new JsonObject { [ProblemJson] = new JsonObject { ["schema"] = ProblemSchemas.Of(codes) } },
        };
    }

    [GeneratedRegex("{(?<name>[a-z_]+)}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPart();
}
