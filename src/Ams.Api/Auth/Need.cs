using Ams.Contracts;

namespace Ams.Api.Auth;

/// <summary>What a route asks of its caller. Every route under <c>/v1</c> and every socket declares one; the start fails otherwise.</summary>
/// <param name="Kind">Which credential.</param>
/// <param name="Scope">The scope that the token must have; none: any token will do.</param>
internal sealed record Need(NeedKind Kind, Scopes Scope = Scopes.None);

/// <summary>Which credential a route asks for.</summary>
internal enum NeedKind
{
    /// <summary>A bearer token, judged before the handler runs.</summary>
    Token,

    /// <summary>The platform key, judged before the handler runs.</summary>
    PlatformKey,

    /// <summary>A token that the handler judges itself, since its refusal may have to be a close code.</summary>
    Socket,
}

/// <summary>Declares what a route needs.</summary>
internal static class NeedExtensions
{
    /// <summary>A token with this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Need(NeedKind.Token, scope));

    /// <summary>Any valid token.</summary>
    public static TBuilder NeedsToken<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Need(NeedKind.Token));

    /// <summary>The platform key.</summary>
    public static TBuilder NeedsPlatformKey<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Need(NeedKind.PlatformKey));

    /// <summary>A token with this scope, which the handler judges itself with <see cref="BearerToken"/> and <see cref="Admission"/>.</summary>
    public static TBuilder NeedsSocketToken<TBuilder>(this TBuilder route, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Need(NeedKind.Socket, scope));
}
