namespace Ams.Api.Auth;

/// <summary>Deny by default: a route that forgot to say what it needs stops the start.</summary>
internal static class NeedCheck
{
    private static readonly string[] Guarded = ["/v1", "/parties"];

    /// <summary>Looks at every route.</summary>
    /// <exception cref="InvalidOperationException">One is open that must not be: a bug.</exception>
    public static void Run(IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText ?? "";
            var isGuarded = Guarded.Any(prefix => pattern.StartsWith(prefix, StringComparison.Ordinal));
            if (isGuarded && endpoint.Metadata.GetMetadata<Need>() is null)
                throw new InvalidOperationException($"{endpoint.DisplayName} does not say what it needs.");
        }
    }
}
