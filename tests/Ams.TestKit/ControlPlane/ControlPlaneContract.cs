using Ams.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Ams.TestKit.ControlPlane;

/// <summary>What the contract suites of the control plane share: a fresh database, a node on it, a clock at a fixed time.</summary>
public abstract class ControlPlaneContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private TestDatabase? _database;
    private ControlPlaneHost? _host;

    /// <summary>The node.</summary>
    protected ControlPlaneHost Host => _host!;

    /// <summary>The database under it.</summary>
    protected TestDatabase Database => _database!;

    /// <summary>The clock.</summary>
    protected FakeTimeProvider Time { get; } = new(Start);

    /// <summary>Not cancelled.</summary>
    protected static CancellationToken Ct => CancellationToken.None;

    /// <summary>Makes the database that this suite runs over.</summary>
    protected abstract Task<TestDatabase> OpenDatabaseAsync();

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        _database = await OpenDatabaseAsync();
        _host = new ControlPlaneHost(_database, Time);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>The code with which something was refused; null when it was not.</summary>
    protected static string? Code<T>(Outcome<T> outcome) => outcome.Refusal?.Code.Code;

    /// <summary>The member that a 400 names.</summary>
    protected static string? Member<T>(Outcome<T> outcome) => outcome.Refusal?.Errors?.Keys.Single();
}
