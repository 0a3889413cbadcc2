using System.Text.Json.Nodes;
using Ams.Api.Auth;
using Ams.Api.Specs.OpenApi;
using Ams.Api.Tests.Routes;
using Ams.Contracts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ams.Api.Tests.Specs;

/// <summary>The documents against the server and the closed lists, both ways.</summary>
public sealed class DocumentTests(AmsServer server) : IClassFixture<AmsServer>
{
    [Fact]
    public async Task Every_route_is_in_the_OpenAPI_document_and_the_document_has_no_other()
    {
        var spec = await OpenApiSpec.LoadAsync(server.Http);
        var routes = OpenApiDocument.RoutesOf(server.Services.GetServices<EndpointDataSource>()).Select(route => route.Route);

        var described = spec.Operations.Select(operation => operation.Route).Order(StringComparer.Ordinal);

        described.ShouldBe(routes.Order(StringComparer.Ordinal), "Describe the route under src/Ams.Api/Specs/OpenApi.");
        OpenApiDocument.Operations.Keys.Order(StringComparer.Ordinal).ShouldBe(described);
    }

    [Fact]
    public async Task Every_operation_tells_the_credential_and_the_scope_that_its_route_asks_for()
    {
        var spec = await OpenApiSpec.LoadAsync(server.Http);
        foreach (var (route, operation) in spec.Operations)
        {
            var need = RouteCases.Routes.GetValueOrDefault(route);
            var scheme = operation["security"]!.AsArray().SingleOrDefault()?.AsObject().Single().Key;

            scheme.ShouldBe(
                need?.Kind switch
                {
                    null => null,
                    NeedKind.PlatformKey => "platformKey",
                    _ => "bearer",
                },
                route
            );
            operation["x-required-scope"]?.GetValue<string>().ShouldBe(need!.Scope.Names().Single(), route);
            (operation["x-required-scope"] is null).ShouldBe(need is null or { Scope: Scopes.None }, route);
        }
    }

    [Fact]
    public async Task Every_error_code_is_in_both_documents_and_no_other()
    {
        var all = ErrorCodes.ByCode.Keys.Order(StringComparer.Ordinal).ToArray();

        Texts((await OpenApiSpec.LoadAsync(server.Http)).Document["components"]!["schemas"]!["ErrorCode"]!["enum"]).ShouldBe(all);
        Texts((await AsyncApiAsync())["components"]!["schemas"]!["ErrorCode"]!["enum"]).ShouldBe(all);
    }

    [Fact]
    public async Task Every_problem_of_the_OpenAPI_document_has_codes_of_its_status()
    {
        var responses = (await OpenApiSpec.LoadAsync(server.Http)).Document["components"]!["responses"]!.AsObject();
        foreach (var (name, response) in responses)
        {
            var problem = response!["content"]!["application/problem+json"]!["schema"]!["properties"]!;
            var status = problem["status"]!["enum"]!.AsArray().Single()!.GetValue<int>();

            name.ShouldStartWith($"{status}.");
            Texts(problem["code"]!["enum"]).Select(code => ErrorCodes.ByCode[code].Status).Distinct().ShouldBe([status]);
        }
    }

    [Fact]
    public async Task Every_code_is_answered_by_some_route_or_belongs_to_none()
    {
        var responses = (await OpenApiSpec.LoadAsync(server.Http)).Document["components"]!["responses"]!.AsObject();
        var answered = responses
            .SelectMany(response =>
                Texts(response.Value!["content"]!["application/problem+json"]!["schema"]!["properties"]!["code"]!["enum"])
            )
            .ToHashSet(StringComparer.Ordinal);

        // A path that is known with another method has no operation to stand under.
        ErrorCodes.ByCode.Keys.Except(answered).Except(RoutesToCome).ShouldBe([ErrorCodes.MethodNotAllowed.Code]);
    }

    [Fact]
    public async Task Every_event_and_frame_type_is_in_the_AsyncAPI_document_and_no_other()
    {
        var document = await AsyncApiAsync();
        var messages = document["components"]!["messages"]!.AsObject();

        var described = messages.Select(message => message.Value!["name"]!.GetValue<string>()).Distinct();

        described
            .Order(StringComparer.Ordinal)
            .ShouldBe(Constants(typeof(EventTypes)).Concat(Constants(typeof(FrameTypes))).Order(StringComparer.Ordinal));
        foreach (var channel in document["channels"]!.AsObject())
        {
            foreach (var message in channel.Value!["messages"]!.AsObject())
                messages.ContainsKey(message.Value!["$ref"]!.GetValue<string>().Split('/')[^1]).ShouldBeTrue(message.Key);
        }
    }

    [Fact]
    public async Task Every_close_code_is_in_the_AsyncAPI_document_and_no_other()
    {
        foreach (var (name, channel) in (await AsyncApiAsync())["channels"]!.AsObject())
        {
            var codes = channel!["x-close-codes"]!.AsArray();

            codes
                .Select(code => (CloseCode)code!["code"]!.GetValue<int>())
                .ShouldBe(Enum.GetValues<CloseCode>().Where(code => code != CloseCode.None), name);
            foreach (var code in codes)
                code!["reconnect"]!.GetValue<bool>().ShouldBe(CloseCodes.ShouldReconnect(code["code"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task Every_event_type_is_in_the_OpenAPI_document_and_no_other()
    {
        var mapping = (await OpenApiSpec.LoadAsync(server.Http)).Document["components"]!["schemas"]!["Event"]!["discriminator"]![
            "mapping"
        ]!;

        mapping
            .AsObject()
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Constants(typeof(EventTypes)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var document = await AsyncApiAsync();
        var schemas = new SpecSchemas(document);
        foreach (var (name, message) in document["components"]!["messages"]!.AsObject())
        {
            if (message!["examples"]?[0]?["payload"] is { } example)
                (await schemas.JudgeAsync(message["payload"]!, example.ToJsonString())).ShouldBeEmpty(name);
        }
        var openApi = (await OpenApiSpec.LoadAsync(server.Http)).Document;
        var named = new SpecSchemas(openApi);
        foreach (var (name, schema) in openApi["components"]!["schemas"]!.AsObject())
        {
            foreach (var example in schema!["examples"]?.AsArray() ?? [])
                (await named.JudgeAsync(schema, example!.ToJsonString())).ShouldBeEmpty(name);
        }
    }

    /// <summary>Codes of section 9, whose routes are not on the map yet.</summary>
    private static IEnumerable<string> RoutesToCome =>
        RouteCases.Routes.Keys.Any(route => route.EndsWith("/claim", StringComparison.Ordinal))
            ? []
            : [ErrorCodes.ClaimHeld.Code, ErrorCodes.ClaimLost.Code, ErrorCodes.AlreadyCompleted.Code];

    private async Task<JsonObject> AsyncApiAsync() =>
        JsonNode.Parse(await server.Http.GetStringAsync("/asyncapi/v1.json"))!.AsObject();

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(text => text!.GetValue<string>());

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields().Select(field => (string)field.GetRawConstantValue()!);
}
