using Ams.TestKit.ControlPlane;

namespace Ams.ControlPlane.Tests;

public sealed class SqliteWorkspaceTests : WorkspaceContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}

public sealed class SqliteTokenTests : TokenContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}
