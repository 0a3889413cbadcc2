using System.Text.RegularExpressions;
using Ams.Api.Specs.Docs;

namespace Ams.Api.Tests.Specs;

/// <summary>The pages about the API.</summary>
public sealed partial class DocsTests(AmsServer server) : IClassFixture<AmsServer>
{
    public static TheoryData<string> Files => new(DocsFiles.Names);

    [Theory, MemberData(nameof(Files))]
    public async Task Every_file_is_served_from_the_server_itself_under_a_policy_without_inline_scripts(string file)
    {
        using var response = await server.Http.GetAsync("/docs/" + file);

        ((int)response.StatusCode).ShouldBe(200);
        (await response.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'; script-src 'self';");
        policy.ShouldNotContain("http");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/websocket.html")]
    public async Task A_page_asks_nothing_of_other_hosts_and_all_it_links_to_is_there(string page)
    {
        var html = await server.Http.GetStringAsync(page);

        InlineScript().IsMatch(html).ShouldBeFalse();
        var links = Link().Matches(html).Select(match => match.Groups[1].Value).ToList();
        links.ShouldNotBeEmpty();
        foreach (var link in links)
        {
            link.ShouldStartWith("/");
            using var response = await server.Http.GetAsync(link);
            ((int)response.StatusCode).ShouldBe(200, link);
        }
    }

    [Fact]
    public async Task The_home_page_links_to_the_documents()
    {
        var html = await server.Http.GetStringAsync("/");

        foreach (var link in new[] { "/docs", "/docs/websocket.html", "/openapi/v1.json", "/asyncapi/v1.json" })
            html.ShouldContain($"href=\"{link}\"");
    }

    [Theory]
    [InlineData("../Ams.Api.dll")]
    [InlineData("swagger-initializer.js")]
    [InlineData("none")]
    public async Task Nothing_else_is_served_below_docs(string file)
    {
        using var response = await server.Http.GetAsync("/docs/" + Uri.EscapeDataString(file));

        ((int)response.StatusCode).ShouldBe(404);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("<script(?![^>]*src=)|\\son[a-z]+=|javascript:")]
    private static partial Regex InlineScript();
}
