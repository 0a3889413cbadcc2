using System.Text.Json.Nodes;

namespace Ams.Api.Specs.AsyncApi;

/// <summary>What the document says of one frame.</summary>
/// <param name="Name">Its name in the document.</param>
/// <param name="On">On which sockets it is sent.</param>
/// <param name="FromServer">True: the server sends it; false: a client does.</param>
/// <param name="Payload">Its schema, <c>type</c> included.</param>
/// <param name="Example">The frame, as JSON.</param>
internal sealed record Frame(string Name, Sockets On, bool FromServer, string Summary, JsonObject Payload, string Example)
{
    /// <summary>Its <c>type</c>.</summary>
    public string Type => Payload["properties"]!["type"]!["const"]!.GetValue<string>();
}

/// <summary>The kinds of socket.</summary>
[Flags]
internal enum Sockets
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>/parties/channel-room/{channel_id}</c></summary>
    Room = 1,

    /// <summary><c>/v1/feed</c></summary>
    Feed = 2,

    /// <summary>Both.</summary>
    Both = Room | Feed,
}
