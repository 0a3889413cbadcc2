using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.TestKit.ControlPlane;

/// <summary>What tokens and their authentication promise over every database.</summary>
public abstract class TokenContract : ControlPlaneContract
{
    [Fact]
    public async Task What_is_no_token_is_told_apart_from_a_wrong_one()
    {
        var secret = (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).Value.OwnerToken;
        var typo = secret[..10] + (secret[10] == 'a' ? 'b' : 'a') + secret[11..];
        await using var elsewhere = new ControlPlaneHost(Database, Time, "another-pepper-of-another-server-x");

        Code(await Host.Authenticator.AuthenticateAsync(null, Ct)).ShouldBe("missing_token");
        Code(await Host.Authenticator.AuthenticateAsync("", Ct)).ShouldBe("missing_token");
        Code(await Host.Authenticator.AuthenticateAsync(typo, Ct)).ShouldBe("malformed_token");
        Code(await elsewhere.Authenticator.AuthenticateAsync(secret, Ct)).ShouldBe("unknown_token");
    }

    [Fact]
    public void The_platform_key_is_compared_whole()
    {
        Host.Authenticator.AuthenticatePlatform(ControlPlaneHost.PlatformKey).IsOk.ShouldBeTrue();
        Code(Host.Authenticator.AuthenticatePlatform(ControlPlaneHost.PlatformKey + "x")).ShouldBe("wrong_platform_key");
        Code(Host.Authenticator.AuthenticatePlatform("")).ShouldBe("wrong_platform_key");
        Code(Host.Authenticator.AuthenticatePlatform(null)).ShouldBe("wrong_platform_key");
    }

    [Fact]
    public async Task A_known_token_is_authenticated_synchronously_and_in_a_few_hundred_bytes()
    {
        var secret = (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).Value.OwnerToken;
        await Host.CallerAsync(secret);
        var authenticator = Host.Authenticator;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = authenticator.AuthenticateAsync(secret, Ct);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        answer.IsCompletedSuccessfully.ShouldBeTrue();
        allocated.ShouldBeLessThan(400);
    }

    [Fact]
    public async Task A_token_is_stored_by_its_digest_only()
    {
        var owner = await Host.FoundAsync("acme");
        var token = (await Host.Tokens.MintAsync(owner, owner.PrincipalId, "ci", null, null, Ct)).Value;

        token.Secret.ShouldNotBeNull();
        var listed = (await Host.Tokens.ListAsync(owner, owner.PrincipalId, 100, null, Ct)).Value.Items;
        listed.Count.ShouldBe(2);
        listed.ShouldAllBe(item => item.Secret == null);
        listed.Single(item => item.Id == token.Id).Name.ShouldBe("ci");
        (await Host.CallerAsync(token.Secret)).TokenName.ShouldBe("ci");
    }

    [Fact]
    public async Task A_revoked_token_is_refused_at_once_and_revoking_it_again_is_ok()
    {
        var owner = await Host.FoundAsync("acme");
        var (member, secret) = await Host.AddAsync(owner, "Mo", Role.Member);
        var told = new List<AccessChange>();
        using var subscription = Host.AccessChanges.Subscribe(told.Add);

        (await Host.Tokens.RevokeAsync(owner, member.TokenId, Ct)).IsOk.ShouldBeTrue();

        Code(await Host.Authenticator.AuthenticateAsync(secret, Ct)).ShouldBe("token_revoked");
        told.ShouldHaveSingleItem().TokenId.ShouldBe(member.TokenId);
        (await Host.Tokens.RevokeAsync(owner, member.TokenId, Ct)).IsOk.ShouldBeTrue();
        told.Count.ShouldBe(1);
        Code(await Host.Channels.CreateAsync(member, new("x", null, ChannelVisibility.Workspace, null, null), Ct))
            .ShouldBe("token_revoked");
    }

    [Fact]
    public async Task A_token_ends_at_its_time_and_not_before()
    {
        var owner = await Host.FoundAsync("acme");
        var end = Time.GetUtcNow().AddMinutes(1);
        var token = (await Host.Tokens.MintAsync(owner, owner.PrincipalId, null, null, end, Ct)).Value;

        Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        (await Host.Authenticator.AuthenticateAsync(token.Secret, Ct)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Code(await Host.Authenticator.AuthenticateAsync(token.Secret, Ct)).ShouldBe("token_expired");
        Member(await Host.Tokens.MintAsync(owner, owner.PrincipalId, null, null, Time.GetUtcNow(), Ct)).ShouldBe("expires_at");
    }

    [Fact]
    public async Task A_token_has_no_scope_beyond_its_principals_role_nor_beyond_the_minters_token()
    {
        var owner = await Host.FoundAsync("acme");
        var (admin, _) = await Host.AddAsync(owner, "Ada", Role.Admin);
        var (member, _) = await Host.AddAsync(owner, "Mo", Role.Member);
        var narrow = await Host.CallerAsync(
            (await Host.Tokens.MintAsync(admin, admin.PrincipalId, null, ["tokens:write", "channels:read"], null, Ct))
                .Value
                .Secret!
        );

        Member(await Host.Tokens.MintAsync(owner, member.PrincipalId, null, ["nonsense"], null, Ct)).ShouldBe("scopes");
        Member(await Host.Tokens.MintAsync(owner, member.PrincipalId, null, ["audit:read"], null, Ct)).ShouldBe("scopes");
        Code(await Host.Tokens.MintAsync(narrow, member.PrincipalId, null, ["messages:read"], null, Ct))
            .ShouldBe("scope_missing");
        (await Host.Tokens.MintAsync(narrow, member.PrincipalId, null, null, null, Ct)).Value.Scopes.ShouldBe([
            "tokens:write",
            "channels:read",
        ]);
        Code(await Host.Tokens.RotateAsync(narrow, member.TokenId, TimeSpan.Zero, Ct)).ShouldBe("scope_missing");
    }

    [Fact]
    public async Task A_lower_role_narrows_the_tokens_at_once()
    {
        var owner = await Host.FoundAsync("acme");
        var (admin, secret) = await Host.AddAsync(owner, "Ada", Role.Admin);
        admin.Scopes.HasFlag(Scopes.MembersWrite).ShouldBeTrue();

        (await Host.Principals.UpdateAsync(owner, admin.PrincipalId, new(null, Role.Member, null), Ct)).IsOk.ShouldBeTrue();

        var narrowed = await Host.CallerAsync(secret);
        narrowed.Role.ShouldBe(Role.Member);
        narrowed.Scopes.ShouldBe(ScopeNames.Of(Role.Member));
        // A request that was let in while it was an admin is judged by what it is now.
        Code(await Host.Principals.CreateAsync(admin, new("New", PrincipalKind.Agent, Role.Member, null, null), Ct))
            .ShouldBe("role_too_low");
    }

    [Fact]
    public async Task A_rotated_token_works_until_the_overlap_ends_and_its_successor_after_it()
    {
        var owner = await Host.FoundAsync("acme");
        var end = Time.GetUtcNow().AddDays(2);
        var old = (await Host.Tokens.MintAsync(owner, owner.PrincipalId, "ci", ["messages:read"], end, Ct)).Value;
        await Host.CallerAsync(old.Secret!);

        var first = (await Host.Tokens.RotateAsync(owner, old.Id, TimeSpan.FromSeconds(300), Ct)).Value;
        // An answer that was lost is asked for again.
        var second = (await Host.Tokens.RotateAsync(owner, old.Id, TimeSpan.FromSeconds(600), Ct)).Value;

        foreach (var successor in (TokenView[])[first, second])
            (successor.Name, successor.Scopes.Single(), successor.ExpiresAt).ShouldBe(("ci", "messages:read", end));
        Time.Advance(TimeSpan.FromSeconds(300) - TimeSpan.FromMilliseconds(1));
        (await Host.Authenticator.AuthenticateAsync(old.Secret, Ct)).IsOk.ShouldBeTrue();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Code(await Host.Authenticator.AuthenticateAsync(old.Secret, Ct)).ShouldBe("token_expired");
        (await Host.Authenticator.AuthenticateAsync(first.Secret, Ct)).IsOk.ShouldBeTrue();
        (await Host.Authenticator.AuthenticateAsync(second.Secret, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Tokens.RotateAsync(owner, old.Id, TimeSpan.Zero, Ct)).ShouldBe("not_found");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(86_400, null)]
    [InlineData(86_401, "overlap_seconds")]
    [InlineData(-1, "overlap_seconds")]
    public async Task An_overlap_has_its_limits(int seconds, string? refused)
    {
        var owner = await Host.FoundAsync("acme");
        Member(await Host.Tokens.RotateAsync(owner, owner.TokenId, TimeSpan.FromSeconds(seconds), Ct)).ShouldBe(refused);
    }

    [Fact]
    public async Task Tokens_move_to_the_present_pepper_when_they_are_used()
    {
        var secret = (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).Value.OwnerToken;
        const string Old = "the-pepper-of-the-tests-which-is-long";
        const string Present = "the-next-pepper-which-is-long-enough";
        await using (var rotating = new ControlPlaneHost(Database, Time, Present, Old))
            await rotating.CallerAsync(secret);

        await using var after = new ControlPlaneHost(Database, Time, Present);
        await using var before = new ControlPlaneHost(Database, Time, Old);
        (await after.Authenticator.AuthenticateAsync(secret, Ct)).IsOk.ShouldBeTrue();
        Code(await before.Authenticator.AuthenticateAsync(secret, Ct)).ShouldBe("unknown_token");
    }

    [Fact]
    public async Task Members_handle_their_own_tokens_admins_those_of_others_and_owners_those_of_owners()
    {
        var owner = await Host.FoundAsync("acme");
        var (admin, _) = await Host.AddAsync(owner, "Ada", Role.Admin);
        var (member, _) = await Host.AddAsync(owner, "Mo", Role.Member);
        var (other, _) = await Host.AddAsync(owner, "Ole", Role.Member);

        (await Host.Tokens.MintAsync(member, member.PrincipalId, null, null, null, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Tokens.MintAsync(member, other.PrincipalId, null, null, null, Ct)).ShouldBe("role_too_low");
        Code(await Host.Tokens.ListAsync(member, other.PrincipalId, 100, null, Ct)).ShouldBe("role_too_low");
        Code(await Host.Tokens.RevokeAsync(member, other.TokenId, Ct)).ShouldBe("role_too_low");
        (await Host.Tokens.RotateAsync(admin, other.TokenId, TimeSpan.Zero, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Tokens.MintAsync(admin, owner.PrincipalId, null, null, null, Ct)).ShouldBe("role_too_low");
        Code(await Host.Tokens.RotateAsync(admin, owner.TokenId, TimeSpan.Zero, Ct)).ShouldBe("role_too_low");
        Code(await Host.Tokens.RevokeAsync(admin, owner.TokenId, Ct)).ShouldBe("role_too_low");
    }
}
