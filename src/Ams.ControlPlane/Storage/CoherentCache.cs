using System.Collections.Concurrent;

namespace Ams.ControlPlane.Storage;

/// <summary>A bounded cache of what the database says. An entry that was read before a change was committed can't be put in after the change was
/// told: the reader takes a ticket first, and eviction spoils the tickets of its key. Entries are in two generations; when the young one is half the
/// capacity it becomes the old one, and what is still used moves over. Safe for concurrent use; a hit takes no lock.</summary>
internal sealed class CoherentCache<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int StripeCount = 256;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];
    private readonly Lock _turning = new();
    private readonly int _generationEntriesMax;
    private readonly KeyValuePair<string, object?>[] _hit;
    private readonly KeyValuePair<string, object?>[] _miss;
    private volatile Generations _generations = new(new(), new());

    /// <param name="name">What the figures call it.</param>
    /// <param name="entriesMax">At least 2.</param>
    public CoherentCache(string name, int entriesMax)
    {
        _hit = [new("ams.cache.name", name), new("ams.cache.result", "hit")];
        _miss = [new("ams.cache.name", name), new("ams.cache.result", "miss")];
        ArgumentOutOfRangeException.ThrowIfLessThan(entriesMax, 2);
        _generationEntriesMax = entriesMax / 2;
    }

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get
        {
            var generations = _generations;
            return generations.Young.Count + generations.Old.Count;
        }
    }

    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        var found = TryFind(key, out value);
        ControlPlaneMetrics.CacheLookups.Add(1, found ? _hit : _miss);
        return found;
    }

    private bool TryFind(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        var generations = _generations;
        if (generations.Young.TryGetValue(key, out value))
            return true;
        if (!generations.Old.ContainsKey(key))
            return false;
        return TryPromote(key, out value);
    }

    /// <summary>To be taken before the value is read from the database.</summary>
    public long Ticket(TKey key) => Volatile.Read(ref StripeOf(key).Epoch);

    /// <summary>Keeps a value unless its key was evicted since the ticket was taken.</summary>
    public void Put(TKey key, TValue value, long ticket)
    {
        var stripe = StripeOf(key);
        lock (stripe)
        {
            if (stripe.Epoch == ticket)
                _generations.Young[key] = value;
        }
        TurnIfFull();
    }

    public void Evict(TKey key)
    {
        var stripe = StripeOf(key);
        lock (stripe)
        {
            stripe.Epoch++;
            Remove(key);
        }
    }

    /// <summary>Evicts every entry that matches, and spoils all tickets: an entry that is being read may match as well.</summary>
    public void EvictWhere(Func<TKey, TValue, bool> matches)
    {
        foreach (var stripe in _stripes)
        {
            lock (stripe)
                stripe.Epoch++;
        }
        // Entries move from old to young only, so in this order, and while the generations don't turn, none is passed over.
        lock (_turning)
        {
            var generations = _generations;
            foreach (var entries in (ConcurrentDictionary<TKey, TValue>[])[generations.Old, generations.Young])
            {
                foreach (var (key, value) in entries)
                {
                    if (matches(key, value))
                        Evict(key);
                }
            }
        }
    }

    private bool TryPromote(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        lock (StripeOf(key))
        {
            var generations = _generations;
            if (!generations.Old.TryRemove(key, out value))
                return generations.Young.TryGetValue(key, out value);
            generations.Young[key] = value;
        }
        TurnIfFull();
        return true;
    }

    private void Remove(TKey key)
    {
        var generations = _generations;
        generations.Young.TryRemove(key, out _);
        generations.Old.TryRemove(key, out _);
    }

    private void TurnIfFull()
    {
        // ConcurrentDictionary.Count takes all its locks, which is why it is asked on a write only.
        if (_generations.Young.Count < _generationEntriesMax)
            return;
        lock (_turning)
        {
            if (_generations.Young.Count >= _generationEntriesMax)
                _generations = new(new(), _generations.Young);
        }
    }

    private Stripe StripeOf(TKey key) => _stripes[(uint)key.GetHashCode() % StripeCount];

    private sealed class Stripe
    {
        public long Epoch;
    }

    private sealed record Generations(ConcurrentDictionary<TKey, TValue> Young, ConcurrentDictionary<TKey, TValue> Old);
}
