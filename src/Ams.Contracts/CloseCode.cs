using System.Collections.Frozen;

namespace Ams.Contracts;

/// <summary>The closed list of WebSocket close codes (protocol, section 8). 4000 to 4499: reconnect; 4500 to 4999: stop.</summary>
public enum CloseCode
{
    /// <summary>No close code.</summary>
    None = 0,

    /// <summary>A normal end, asked for by either side (RFC 6455).</summary>
    Normal = 1000,

    /// <summary>The peer broke the framing (RFC 6455): unmasked, reserved bits, an unknown opcode, a torn fragment. A client stops.</summary>
    ProtocolError = 1002,

    /// <summary>A bug in the server (RFC 6455). A client reconnects.</summary>
    InternalError = 1011,

    /// <summary>The node is draining or restarting; the reason is the delay before reconnecting, in milliseconds.</summary>
    Draining = 4000,

    /// <summary>The channel moved to another node.</summary>
    ChannelMoved = 4001,

    /// <summary>The peer was silent for two heartbeats.</summary>
    HeartbeatMissed = 4002,

    /// <summary>The store can't be read.</summary>
    StoreUnavailable = 4003,

    /// <summary>Too many frames of all kinds.</summary>
    TooManyFrames = 4029,

    /// <summary>A frame that is not text, not JSON, or not an object.</summary>
    UnreadableFrame = 4500,

    /// <summary>The token is missing, unknown, expired or revoked.</summary>
    Unauthorised = 4501,

    /// <summary>The scope or the membership is missing or was lost.</summary>
    AccessLost = 4503,

    /// <summary>There is no such channel for this token.</summary>
    NoSuchChannel = 4504,

    /// <summary>The position is beyond the head, not a number, or of another log.</summary>
    InvalidCursor = 4509,

    /// <summary>Retention removed what lies directly after the position.</summary>
    LogTruncated = 4510,

    /// <summary>A frame over its limit.</summary>
    FrameTooLarge = 4513,
}

/// <summary>What a client does about a close code.</summary>
public static class CloseCodes
{
    private static readonly FrozenSet<int> Transient = new[] { 1001, 1006, 1011, 1012 }.ToFrozenSet();

    /// <summary>True when a client reconnects with the last <c>channel_seq</c> it saw, after a jittered delay.</summary>
    /// <param name="code">The close code as received; 1006 stands for a connection that broke without one.</param>
    public static bool ShouldReconnect(int code) => code is >= 4000 and <= 4499 || Transient.Contains(code);
}
