using System.Text.Json.Nodes;
using Ams.Contracts;

namespace Ams.Api.Specs.Schemas;

/// <summary>Problems (protocol, section 4).</summary>
internal static class ProblemSchemas
{
    /// <summary>The schemas and their names.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> All =>
        [
            ("ErrorCode", Schema.OneOf("The closed list of error codes.", ErrorCodes.ByCode.Keys.Order(StringComparer.Ordinal))),
            ("Problem", Any()),
        ];

    /// <summary>The members that tell more about some codes.</summary>
    public static IReadOnlyList<(string Name, JsonObject Schema)> More =>
        [
            (
                "errors?",
                Schema.Map(
                    "Member to sentences, for a request that fails validation.",
                    Schema.List("Sentences.", Schema.Text("A sentence."))
                )
            ),
            ("head_seq?", Schema.Seq("With `invalid_cursor`: the log's head.", min: 0)),
            ("log_id?", Schema.Text("With `invalid_cursor`: the log's incarnation.")),
            ("first_available_seq?", Schema.Seq("With `log_truncated`: where the log now begins.")),
            (
                "event?",
                Schema
                    .Ref("Event")
                    .With("description", "With `head_moved`, `already_answered` and `already_completed`: what came first.")
            ),
        ];

    /// <summary>Any problem: what a client that handles them all alike reads.</summary>
    private static JsonObject Any()
    {
        var problem = Of([.. ErrorCodes.ByCode.Values]);
        problem["properties"]!["code"] = Schema.Ref("ErrorCode");
        return problem;
    }

    /// <summary>A problem with one of some codes.</summary>
    public static JsonObject Of(IReadOnlyList<ErrorCode> codes)
    {
        var names = codes.Select(code => code.Code).Order(StringComparer.Ordinal).ToArray();
        return Schema.Answer(
            "A problem (RFC 9457).",
            [
                ("type", Schema.OneOf("The kind of problem.", names.Select(name => "/problems/" + name))),
                ("title", Schema.Text("A short name, the same for every occurrence.")),
                ("status", Statuses(codes)),
                ("detail", Schema.Text("A sentence that says what to do.")),
                ("code", Schema.OneOf("What went wrong, for programs.", names)),
                ("request_id", Schema.Text("The `X-Request-Id` of this answer.", 1, 128)),
                ("retryable", Schema.Flag("True: the very same request may succeed later.")),
                .. More,
            ]
        );
    }

    private static JsonObject Statuses(IReadOnlyList<ErrorCode> codes) =>
        new()
        {
            ["type"] = "integer",
            ["description"] = "The HTTP status.",
            ["enum"] = new JsonArray([
                .. codes.Select(code => code.Status).Distinct().Order().Select(status => (JsonNode)status),
            ]),
        };
}
