using System.Collections.Concurrent;

namespace Ams.Actors.Runtime;

/// <summary>Sends the replies of an actor's turns in the order of the turns, also when the next turn commits while one is still replying.</summary>
internal sealed class ReplyPump
{
    private readonly ConcurrentQueue<Turn> _turns = new();
    private int _waiting;

    /// <summary>Sends a turn's replies, now on this thread or later on the one that is sending.</summary>
    public void Send(Turn turn)
    {
        _turns.Enqueue(turn);
        if (Interlocked.Increment(ref _waiting) > 1)
            return;
        do
        {
            if (_turns.TryDequeue(out var next))
                next.Send();
        } while (Interlocked.Decrement(ref _waiting) > 0);
    }
}
