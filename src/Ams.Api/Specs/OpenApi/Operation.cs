using System.Text.Json.Nodes;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>What the document says of one route beyond what the route itself declares.</summary>
/// <param name="Route">Method and pattern as mapped: <c>GET /v1/me</c>.</param>
/// <param name="Id">The operation's name in generated clients.</param>
/// <param name="Tag">The group that it is shown in.</param>
/// <param name="Summary">One line.</param>
internal sealed record Operation(string Route, string Id, string Tag, string Summary)
{
    /// <summary>What else a caller must know.</summary>
    public string Description { get; init; } = "";

    /// <summary>Query parameters and headers; the path's come from the route.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>What is sent, or null.</summary>
    public Body? Body { get; init; }

    /// <summary>The answers that are no problems.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>The codes that only this route can answer; those that follow from what it needs and takes are added.</summary>
    public IReadOnlyList<ErrorCode> Refusals { get; init; } = [];
}

/// <summary>A parameter.</summary>
/// <param name="In"><c>query</c> or <c>header</c>.</param>
internal sealed record Parameter(string Name, string In, JsonObject Schema, bool Required = false);

/// <summary>A request's body.</summary>
/// <param name="Schema">The name of its schema.</param>
internal sealed record Body(string Schema, bool Required = true, string Limit = "1 MiB");

/// <summary>An answer that is no problem.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Content">Media types and the names of their schemas; a null name: text.</param>
/// <param name="Headers">Names of headers besides <c>X-Request-Id</c>.</param>
internal sealed record Answer(
    int Status,
    string Description,
    (string MediaType, string? Schema)[] Content,
    params string[] Headers
)
{
    /// <summary>200 with JSON.</summary>
    public static Answer Ok(string schema, string description, params string[] headers) =>
        new(StatusCodes.Status200OK, description, [(Json, schema)], headers);

    /// <summary>201 with JSON and its place.</summary>
    public static Answer Created(string schema, string description) =>
        new(StatusCodes.Status201Created, description, [(Json, schema)], "Location");

    /// <summary>204.</summary>
    public static Answer NoContent(string description, params string[] headers) =>
        new(StatusCodes.Status204NoContent, description, [], headers);

    /// <summary>200 with a page or a file.</summary>
    public static Answer Text(string mediaType, string description) =>
        new(StatusCodes.Status200OK, description, [(mediaType, null)]);

    private const string Json = "application/json";
}
