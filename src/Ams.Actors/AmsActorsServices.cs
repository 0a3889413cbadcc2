using Ams.Actors.Query;
using Ams.Actors.Runtime;
using Ams.Actors.Sharding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ams.Actors;

/// <summary>Adds the engine to a host (Akka.Hosting's <c>AddAkka</c>).</summary>
public static class AmsActorsServices
{
    /// <summary>Registers <see cref="ActorSystem"/>, <see cref="IShardRegion"/>, <see cref="IChannelFeeds"/> and <see cref="IIdGenerator"/>. The host registers a
    /// journal (<see cref="Persistence.IJournal"/>, <see cref="IReadJournal"/>), starts the system before it serves, and stops it last.</summary>
    public static IServiceCollection AddAmsActors(this IServiceCollection services, AmsActorsOptions options)
    {
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdGenerator, UlidIdGenerator>();
        services.AddSingleton(options);
        services.AddSingleton<ActorSystem>();
        services.AddSingleton(provider => provider.GetRequiredService<ActorSystem>().Region);
        services.AddSingleton(provider => provider.GetRequiredService<ActorSystem>().Feeds);
        return services;
    }
}
