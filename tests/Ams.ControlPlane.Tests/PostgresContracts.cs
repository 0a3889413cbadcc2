using Ams.TestKit.ControlPlane;
using Ams.TestKit.Postgres;

namespace Ams.ControlPlane.Tests;

public sealed class PostgresWorkspaceTests : WorkspaceContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}

public sealed class PostgresTokenTests : TokenContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}

public sealed class PostgresMemberTests : MemberContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}

public sealed class PostgresChannelTests : ChannelContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}

public sealed class PostgresAuditTests : AuditContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}

public sealed class PostgresWallTests : WallContract
{
    protected override Task<TestDatabase> OpenDatabaseAsync() => PostgresTestDatabase.OpenAsync();
}
