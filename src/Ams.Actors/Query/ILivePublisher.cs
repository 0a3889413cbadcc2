using Ams.Actors.Persistence;

namespace Ams.Actors.Query;

/// <summary>How a channel's writer tells its readers, after the commit. Everything but <see cref="Erase"/> is a hint: it may be lost or come twice.</summary>
internal interface ILivePublisher
{
    /// <summary>Tells of committed events, in their order.</summary>
    void Publish(string channelId, IReadOnlyList<JournalEvent> events);

    /// <summary>Tells where the head is.</summary>
    void Advance(string channelId, long head);

    /// <summary>Forgets a channel's bytes; its readers go on from the journal.</summary>
    void Erase(string channelId);
}
