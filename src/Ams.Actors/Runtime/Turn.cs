using System.Diagnostics;
using System.Runtime.InteropServices;
using Ams.Actors.Channels;

namespace Ams.Actors.Runtime;

/// <summary>The asks of one turn and their replies, which are sent after the commit.</summary>
internal sealed class Turn
{
    private readonly Ask[] _asks;
    private readonly object?[] _replies;

    private Turn(Ask[] asks)
    {
        _asks = asks;
        _replies = new object?[asks.Length];
    }

    /// <summary>How many asks it has.</summary>
    public int Count => _asks.Length;

    /// <summary>How many, from the first on, are settled; the rest waits for the next turn.</summary>
    public int Settled { get; private set; }

    /// <summary>The content bytes of those that are settled.</summary>
    public long SettledBytes { get; private set; }

    /// <summary>The command at an index.</summary>
    public ChannelCommand this[int index] => _asks[index].Command;

    /// <summary>Takes asks up to about as many events and bytes, but at least one.</summary>
    public static Turn Take(List<Ask> waiting, int eventsMax, long bytesMax)
    {
        var count = 0;
        var events = 0;
        var bytes = 0L;
        foreach (var ask in CollectionsMarshal.AsSpan(waiting))
        {
            events += ask.Events;
            bytes += ask.Bytes;
            if (count > 0 && (events > eventsMax || bytes > bytesMax))
                break;
            count++;
        }
        return new Turn(CollectionsMarshal.AsSpan(waiting)[..count].ToArray());
    }

    /// <summary>Settles the next ask's reply.</summary>
    public void Settle(ChannelReply reply) => SettleNext(reply);

    /// <summary>Settles the next ask with a bug's exception: it alone, its neighbours go on.</summary>
    public void Settle(Exception bug) => SettleNext(bug);

    /// <summary>Takes back what was settled, to decide again.</summary>
    public void Restart()
    {
        Settled = 0;
        SettledBytes = 0;
    }

    /// <summary>Answers every ask the same, whatever was settled before: nothing of the turn is known to be committed.</summary>
    public void SettleAll(ChannelReply reply)
    {
        Restart();
        while (Settled < Count)
            SettleNext(reply);
    }

    /// <summary>Where the ask at an index stands in its trace; default: in none.</summary>
    public ActivityContext TraceOf(int index) => _asks[index].Trace;

    /// <summary>The reply of the settled ask at an index.</summary>
    public ChannelReply? ReplyAt(int index) => _replies[index] as ChannelReply;

    /// <summary>Tells how long the settled asks took, just before they are answered.</summary>
    public void Measure(TimeProvider time)
    {
        if (!EngineMetrics.AckDuration.Enabled)
            return;
        var now = time.GetTimestamp();
        for (var i = 0; i < Settled; i++)
            EngineMetrics.AckDuration.Record(time.GetElapsedTime(_asks[i].AskedAt, now).TotalSeconds);
    }

    /// <summary>Completes the settled asks, in order.</summary>
    public void Send()
    {
        for (var i = 0; i < Settled; i++)
        {
            if (_replies[i] is Exception bug)
                _asks[i].Fail(bug);
            else
                _asks[i].Complete((ChannelReply)_replies[i]!);
        }
    }

    private void SettleNext(object reply)
    {
        _replies[Settled] = reply;
        SettledBytes += _asks[Settled].Bytes;
        Settled++;
    }
}
