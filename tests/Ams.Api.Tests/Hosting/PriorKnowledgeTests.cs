using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ams.Api.Tests.Hosting;

/// <summary>HTTP/1.1 and HTTP/2 on one port without TLS.</summary>
public sealed class PriorKnowledgeTests(AmsServer server) : IClassFixture<AmsServer>
{
    [Fact]
    public async Task A_client_with_prior_knowledge_is_served_over_http2()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/readyz")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Version.ShouldBe(HttpVersion.Version20);
    }

    [Fact]
    public async Task A_client_of_http1_is_served_over_http1_on_the_same_port()
    {
        using var response = await server.Http.GetAsync("/readyz");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Version.ShouldBe(HttpVersion.Version11);
    }

    [Theory]
    [InlineData("P|OST /v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("PR|OPFIND /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task A_request_whose_first_letters_come_alone_is_told_from_the_preface(string sent)
    {
        var parts = sent.Split('|');
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        client.NoDelay = true;
        var stream = client.GetStream();
        foreach (var part in parts)
            await stream.WriteAsync(Encoding.ASCII.GetBytes(part));

        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer);

        Encoding.ASCII.GetString(answer).ShouldBe("HTTP/1.1 404");
    }
}
