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

public sealed class SqliteMemberTests : MemberContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}

public sealed class SqliteChannelTests : ChannelContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}

public sealed class SqliteAuditTests : AuditContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}

public sealed class SqliteWallTests : WallContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => SqliteTestDatabase.OpenAsync();
}
