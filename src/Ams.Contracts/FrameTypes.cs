namespace Ams.Contracts;

/// <summary>The closed list of control frames on a WebSocket (protocol, section 8). A frame whose type has a dot is an event of the log.</summary>
public static class FrameTypes
{
    /// <summary>Server: the first frame.</summary>
    public const string Hello = "hello";

    /// <summary>Server: replay has reached live.</summary>
    public const string CaughtUp = "caught_up";

    /// <summary>Server: a send was committed.</summary>
    public const string Ack = "ack";

    /// <summary>Server: a fault of one frame; the socket stays open.</summary>
    public const string Error = "error";

    /// <summary>Server: the channel's settings changed.</summary>
    public const string Channel = "channel";

    /// <summary>Server: who is here.</summary>
    public const string Presence = "presence";

    /// <summary>Both ways: somebody writes.</summary>
    public const string Typing = "typing";

    /// <summary>Server: a cursor moved.</summary>
    public const string Read = "read";

    /// <summary>Server: the answer to a ping frame.</summary>
    public const string Pong = "pong";

    /// <summary>Client: post a message.</summary>
    public const string Send = "send";

    /// <summary>Client: ask for a pong.</summary>
    public const string Ping = "ping";

    /// <summary>Client, on the feed: follow a channel.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>Client, on the feed: stop following a channel.</summary>
    public const string Unsubscribe = "unsubscribe";
}
