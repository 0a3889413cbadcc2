using System.Reflection;
using System.Text.Json.Nodes;

namespace Ams.Api.Specs;

/// <summary>What both documents say alike.</summary>
internal static class SpecInfo
{
    /// <summary>Title, version, licence.</summary>
    public static JsonObject Info(string title, string description) =>
        new()
        {
            ["title"] = title,
            ["version"] = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
            ["description"] = description,
            ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["url"] = "https://www.apache.org/licenses/LICENSE-2.0" },
            ["contact"] = new JsonObject { ["name"] = "The AMS authors" },
        };

    /// <summary>The two credentials.</summary>
    public static JsonObject SecuritySchemes() =>
        new()
        {
            ["bearer"] = new JsonObject
            {
                ["type"] = "http",
                ["scheme"] = "bearer",
                ["bearerFormat"] = "wat_ and 46 base-62 characters",
                ["description"] = "A token of one principal of one workspace. It is never accepted in a URL or a cookie.",
            },
            ["platformKey"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "header",
                ["name"] = "X-Platform-Key",
                ["description"] = "The operator's key, for creating and recovering workspaces.",
            },
        };

    /// <summary>Named schemas.</summary>
    public static JsonObject Schemas(params IEnumerable<IEnumerable<(string Name, JsonObject Schema)>> groups)
    {
        var schemas = new JsonObject();
        foreach (var (name, schema) in groups.SelectMany(group => group))
            schemas.Add(name, schema);
        return schemas;
    }
}
