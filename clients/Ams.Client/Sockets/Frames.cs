using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>What can come from a socket: an event, a control frame, or its end.</summary>
internal abstract record Received
{
    /// <summary>An event of the log.</summary>
    public sealed record LogEvent(AmsEvent Event) : Received;

    /// <summary>Everything else that the server says.</summary>
    public sealed record Control(ServerFrame Frame, ReadOnlyMemory<byte> Json) : Received;

    /// <summary>The end. 1006 stands for a connection that broke without a close frame.</summary>
    public sealed record Closed(int Code, string Reason, Exception? Fault = null) : Received
    {
        /// <summary>How long the server asked to stay away; null when it did not say.</summary>
        public TimeSpan? RetryAfter { get; init; } =
            Code == (int)CloseCode.Draining && long.TryParse(Reason, out var ms) && ms is >= 0 and <= 3_600_000
                ? TimeSpan.FromMilliseconds(ms)
                : null;
    }

    /// <summary>Reads a frame: a type with a dot is an event.</summary>
    /// <exception cref="AmsProtocolException">These bytes are no frame.</exception>
    public static Received Parse(ReadOnlyMemory<byte> json)
    {
        var type = TypeOf(json.Span);
        return type.Contains('.', StringComparison.Ordinal)
            ? new LogEvent(new AmsEvent(json))
            : new Control(Answer.Parse(json.Span, ClientJson.Default.ServerFrame), json);
    }

    private static string TypeOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (found && reader.GetString() is { } type)
                {
                    return type;
                }

                reader.Skip();
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new AmsProtocolException("A frame is not a JSON object.", inner: fault);
        }

        throw new AmsProtocolException("A frame has no type.");
    }
}

/// <summary>The members of control frames that the client acts on; each frame has some of them.</summary>
internal sealed record ServerFrame(
    string Type,
    string? Ref = null,
    string? ChannelId = null,
    long? ChannelSeq = null,
    string? Id = null,
    bool? Replayed = null,
    long? HeadSeq = null,
    long? After = null,
    string? LogId = null,
    double? HeartbeatSeconds = null,
    string? Code = null,
    string? Detail = null,
    bool? Retryable = null
);

/// <summary>A post over the socket.</summary>
internal sealed record SendFrame(
    string Ref,
    string IdempotencyKey,
    string? Text,
    JsonElement? Payload,
    long? ReplyTo,
    IReadOnlyList<string>? Mentions,
    long? Cause,
    long? ExpectedHeadSeq,
    bool? IfUnanswered
)
{
    public string Type { get; } = FrameTypes.Send;
}

/// <summary>On the feed: follow a channel.</summary>
internal sealed record SubscribeFrame(string ChannelId, long? After, string? LogId)
{
    public string Type { get; } = FrameTypes.Subscribe;
}

/// <summary>On the feed: stop following a channel.</summary>
internal sealed record UnsubscribeFrame(string ChannelId)
{
    public string Type { get; } = FrameTypes.Unsubscribe;
}
