namespace Ams.Api.Feeds.Sockets;

/// <summary>What is spoken over a <see cref="SocketConnection"/>. Called by its one reader, one call at a time.</summary>
internal interface ISocketSession
{
    /// <summary>Counts frames of all kinds, fragments too. False: too many; the socket is closed with 4029.</summary>
    bool Admit(int frames);

    /// <summary>Takes a text message. While it does not complete, the socket is not read: that is the back-pressure on the peer.</summary>
    /// <param name="message">Valid UTF-8. Valid only until the task completes.</param>
    ValueTask OnTextAsync(ReadOnlyMemory<byte> message);
}
