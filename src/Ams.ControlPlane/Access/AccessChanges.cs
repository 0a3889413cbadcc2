using System.Collections.Immutable;

namespace Ams.ControlPlane.Access;

/// <summary>The one place through which every change is told: to the caches first, so that a listener that asks again is answered from the
/// database. What other nodes changed comes in through the same <see cref="Publish"/>.</summary>
internal sealed class AccessChanges : IAccessChanges
{
    private ImmutableArray<Action<AccessChange>> _caches = [];
    private ImmutableArray<Action<AccessChange>> _listeners = [];

    public IDisposable Subscribe(Action<AccessChange> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, (list, added) => list.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Adds a cache; it is told before all listeners, and stays.</summary>
    public void AddCache(Action<AccessChange> evict) =>
        ImmutableInterlocked.Update(ref _caches, (list, added) => list.Add(added), evict);

    public void Publish(IReadOnlyList<AccessChange> changes)
    {
        foreach (var change in changes)
        {
            foreach (var evict in _caches)
                evict(change);
        }
        foreach (var change in changes)
        {
            foreach (var listener in _listeners)
                listener(change);
        }
    }

    private sealed class Subscription(AccessChanges changes, Action<AccessChange> listener) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                ImmutableInterlocked.Update(ref changes._listeners, (list, gone) => list.Remove(gone), listener);
        }
    }
}
