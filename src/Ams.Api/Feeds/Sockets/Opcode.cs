namespace Ams.Api.Feeds.Sockets;

/// <summary>The opcodes of RFC 6455, section 5.2. From <see cref="Close"/> on they are control frames.</summary>
internal enum Opcode : byte
{
    /// <summary>Goes on with a fragmented message.</summary>
    Continuation = 0x0,

    /// <summary>A text message, or its first fragment.</summary>
    Text = 0x1,

    /// <summary>A binary message; AMS has none.</summary>
    Binary = 0x2,

    /// <summary>Begins or answers the closing handshake.</summary>
    Close = 0x8,

    /// <summary>Asks for a pong.</summary>
    Ping = 0x9,

    /// <summary>Answers a ping, or shows life unasked.</summary>
    Pong = 0xA,
}
