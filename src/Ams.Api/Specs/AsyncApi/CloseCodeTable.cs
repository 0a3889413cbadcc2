using Ams.Contracts;

namespace Ams.Api.Specs.AsyncApi;

/// <summary>What each close code tells a client.</summary>
internal static class CloseCodeTable
{
    /// <summary>Every code but <see cref="CloseCode.None"/>.</summary>
    public static IReadOnlyList<(CloseCode Code, string Meaning)> All { get; } =
    [
        (CloseCode.Normal, "A normal end, asked for by either side."),
        (CloseCode.ProtocolError, "The peer broke the framing of RFC 6455."),
        (CloseCode.InternalError, "A bug in the server."),
        (CloseCode.Draining, "The node is draining or restarting; the reason is the delay in milliseconds."),
        (CloseCode.ChannelMoved, "The channel moved to another node."),
        (CloseCode.HeartbeatMissed, "The peer was silent for two heartbeats."),
        (CloseCode.StoreUnavailable, "The store can't be read."),
        (CloseCode.TooManyFrames, "Frames of all kinds exceed ten times the token's rate."),
        (CloseCode.UnreadableFrame, "A frame that is not text, not JSON, or not an object."),
        (CloseCode.Unauthorised, "The token is missing, unknown, expired or revoked."),
        (CloseCode.AccessLost, "The scope or the membership is missing or was lost."),
        (CloseCode.NoSuchChannel, "There is no such channel for this token."),
        (CloseCode.InvalidCursor, "The position is beyond the head, no number, or of another log."),
        (CloseCode.LogTruncated, "Retention removed what lies directly after the position."),
        (CloseCode.FrameTooLarge, "A frame over 1 MiB."),
    ];
}
