using Ams.Actors.Channels;

namespace Ams.Actors.Sharding;

/// <summary>Finds a channel's single writer, on this node or another, and asks it (Akka's ShardRegion). Safe for concurrent use.</summary>
public interface IShardRegion
{
    /// <summary>Delivers a command to the channel's actor and completes with its reply, after the commit. Commands that one caller sends one after
    /// another to one channel, without waiting, are decided and answered in that order. May complete on the committer's path: the caller must not block.</summary>
    /// <param name="command">Fully judged by the front end.</param>
    /// <param name="ct">Stops waiting; the command may still be carried out.</param>
    /// <returns>The reply; <see cref="Refused"/> with <c>store_unavailable</c>, <c>shard_moving</c> or <c>draining</c> when nothing is known to be committed.</returns>
    ValueTask<ChannelReply> AskAsync(ChannelCommand command, CancellationToken ct);
}
