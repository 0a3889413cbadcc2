using Ams.Actors.Persistence;
using Ams.Actors.Query;

namespace Ams.TestKit.Persistence;

/// <summary>A store that a contract suite has opened.</summary>
public sealed class StoreUnderTest(IJournal journal, IReadJournal readJournal, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>The write side.</summary>
    public IJournal Journal => journal;

    /// <summary>The read side.</summary>
    public IReadJournal ReadJournal => readJournal;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => close();
}
