namespace Ams.Conformance;

/// <summary>A workspace of a test's own.</summary>
internal sealed record World(Target Target, Actor Owner, string Slug)
{
    private static long _names;

    public static string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}-{Random.Shared.Next():x}";

    public static async Task<World> NewAsync(Target? target = null)
    {
        target ??= await Target.SharedAsync();
        var slug = NewName("acme");
        var answer = (await CreateAsync(target, new { name = "Acme", slug })).ShouldBe(201);
        var owner = new Actor(
            target,
            answer.Json.GetProperty("owner").GetProperty("id").GetString()!,
            answer.Json.GetProperty("owner_token").GetString()!,
            ""
        );
        return new World(target, owner, slug);
    }

    public static Task<Answer> CreateAsync(Target target, object body, string? platformKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.At("/v1/workspaces")) { Content = Actor.Json(body) };
        request.Headers.TryAddWithoutValidation("X-Platform-Key", platformKey ?? target.PlatformKey);
        return Target.SendAsync(request);
    }

    public async Task<Actor> MemberAsync(
        string role = "member",
        string kind = "agent",
        string[]? scopes = null,
        string? name = null
    )
    {
        name ??= NewName(kind);
        object body = scopes is null
            ? new
            {
                name,
                kind,
                role,
            }
            : new
            {
                name,
                kind,
                role,
                scopes,
            };
        var answer = (await Owner.PostAsync("/v1/members", body)).ShouldBe(201);
        var token = answer.Json.GetProperty("token");
        return new Actor(
            Target,
            answer.Json.GetProperty("member").GetProperty("id").GetString()!,
            token.GetProperty("secret").GetString()!,
            token.GetProperty("id").GetString()!
        );
    }

    public Task<string> ChannelAsync(Actor? by = null) => ChannelAsync(by ?? Owner, new { name = NewName("room") });

    public static async Task<string> ChannelAsync(Actor by, object body) =>
        (await by.PostAsync("/v1/channels", body)).ShouldBe(201).Json.GetProperty("channel").GetProperty("id").GetString()!;

    /// <summary>A member with a channel of its own: what most tests need.</summary>
    public static async Task<(World World, Actor Agent, string Channel)> WithChannelAsync()
    {
        var world = await NewAsync();
        var agent = await world.MemberAsync();
        return (world, agent, await world.ChannelAsync(agent));
    }

    /// <summary>Another token of a member, minted by itself.</summary>
    public static async Task<Actor> TokenAsync(Actor of, object body)
    {
        var token = (await of.PostAsync($"/v1/members/{of.Id}/tokens", body)).ShouldBe(201).Json.GetProperty("token");
        return of with { Token = token.GetProperty("secret").GetString()!, TokenId = token.GetProperty("id").GetString()! };
    }
}
