using System.Text.Json.Nodes;
using Ams.Api.Specs.Schemas;
using Ams.Contracts;

namespace Ams.Api.Specs.OpenApi;

/// <summary>Parameters that several routes take.</summary>
internal static class Parameters
{
    /// <summary>The two of every list.</summary>
    public static Parameter[] Paging => [Limit, Query("cursor", Schema.Text("`next` of the page before. Opaque."))];

    /// <summary>How many items a page has at most.</summary>
    public static Parameter Limit =>
        Query("limit", Schema.Whole("Most items of the page.", 1, Limits.PageMax, Limits.PageDefault));

    /// <summary>The last number seen.</summary>
    public static Parameter After => Query("after", Schema.Seq("The last `channel_seq` that the caller has seen.", min: 0));

    /// <summary>The log that the caller remembers.</summary>
    public static Parameter LogId =>
        Query("log_id", Schema.Text("The log that the caller remembers; another one is `invalid_cursor`."));

    /// <summary>The header that makes a write safe to repeat.</summary>
    /// <param name="what">What happens without it.</param>
    public static Parameter IdempotencyKey(string what) =>
        new(
            "Idempotency-Key",
            "header",
            LogSchemas.Key(
                "Makes the write safe to repeat: per channel and principal, for ever. Bare or as a quoted structured string. "
                    + what
            )
        );

    /// <summary>A query parameter.</summary>
    public static Parameter Query(string name, JsonObject schema) => new(name, "query", schema);

    /// <summary>A part of a path.</summary>
    /// <exception cref="InvalidOperationException">No such part is known: name it here.</exception>
    public static JsonObject PathSchema(string route, string name) =>
        name switch
        {
            "id" when route.Contains("/members/{id}", StringComparison.Ordinal) => Schema.Text("The member's id."),
            "id" when route.Contains("/tokens/{id}", StringComparison.Ordinal) => Schema.Text("The token's id."),
            "id" or "channel_id" => Schema.Text("The channel's id."),
            "principal_id" => Schema.Text("The member's id."),
            "seq" => Schema.Seq("The message's `channel_seq`."),
            "emoji" => LogSchemas.Emoji().With("description", "The emoji, percent-encoded."),
            "slug" => Schema.Text("The workspace's slug."),
            "file" => Schema.Text("The file's name."),
            _ => throw new InvalidOperationException($"Describe the parameter {name} of {route}."),
        };
}
