using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.Simulation;

/// <summary>Loses wake-ups and repeats them. Only an erasure always arrives.</summary>
internal sealed class SimPublisher(SimWorld world, ILivePublisher inner) : ILivePublisher
{
    public void Publish(string channelId, IReadOnlyList<JournalEvent> events)
    {
        for (var times = Times(); times > 0; times--)
            inner.Publish(channelId, events);
    }

    public void Advance(string channelId, long head)
    {
        for (var times = Times(); times > 0; times--)
            inner.Advance(channelId, head);
    }

    public void Erase(string channelId) => inner.Erase(channelId);

    private int Times() =>
        world.Happens(10) ? 0
        : world.Happens(10) ? 2
        : 1;
}
