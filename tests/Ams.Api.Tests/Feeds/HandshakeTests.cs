using Ams.Api.Feeds.Sockets;

namespace Ams.Api.Tests.Feeds;

public sealed class HandshakeTests
{
    [Fact]
    public void The_accept_key_is_the_one_of_the_rfc() =>
        SocketHandshake.AcceptOf("dGhlIHNhbXBsZSBub25jZQ==").ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
