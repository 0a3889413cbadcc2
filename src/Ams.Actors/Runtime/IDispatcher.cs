namespace Ams.Actors.Runtime;

/// <summary>Where turns and sweeps run (Akka's dispatcher). The simulation puts a seeded, single-threaded one in its place.</summary>
internal interface IDispatcher
{
    /// <summary>Runs the work soon, never on the caller's stack.</summary>
    void Execute(IThreadPoolWorkItem work);
}

/// <summary>The process's thread pool.</summary>
internal sealed class ThreadPoolDispatcher : IDispatcher
{
    // Not to the local queue: the caller often goes on with a long run of replies, and another thread is to take the work meanwhile.
    public void Execute(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
