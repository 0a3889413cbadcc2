using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.TestKit.ControlPlane;

/// <summary>What workspaces promise over every database.</summary>
public abstract class WorkspaceContract : ControlPlaneContract
{
    [Fact]
    public async Task A_new_workspace_comes_with_an_owner_whose_token_works()
    {
        var created = (await Host.Workspaces.CreateAsync("Acme", "acme", "req-7", Ct)).Value;

        var caller = await Host.CallerAsync(created.OwnerToken);
        caller.Role.ShouldBe(Role.Owner);
        caller.Scopes.ShouldBe(ScopeNames.Everything);
        caller.WorkspaceId.ShouldBe(created.Workspace.Id);
        caller.PrincipalId.ShouldBe(created.Owner.Id);
        (await Host.Workspaces.GetAsync(caller, Ct)).Value.ShouldBe(created.Workspace);
        created.Workspace.CreatedAt.ShouldBe(Time.GetUtcNow());
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("0-9-a-z", null)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "slug")]
    [InlineData("", "slug")]
    [InlineData("-a", "slug")]
    [InlineData("Acme", "slug")]
    [InlineData("acme\n", "slug")]
    public async Task A_slug_keeps_its_form(string slug, string? refused) =>
        Member(await Host.Workspaces.CreateAsync("Acme", slug, null, Ct)).ShouldBe(refused);

    [Theory]
    [InlineData(80, null)]
    [InlineData(81, "name")]
    [InlineData(0, "name")]
    public async Task A_name_is_counted_in_Unicode_characters(int count, string? refused) =>
        Member(await Host.Workspaces.CreateAsync(string.Concat(Enumerable.Repeat("🦊", count)), "acme", null, Ct))
            .ShouldBe(refused);

    [Fact]
    public async Task Of_many_creators_of_one_slug_exactly_one_wins()
    {
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)))
        );

        outcomes.Count(outcome => outcome.IsOk).ShouldBe(1);
        outcomes.Where(outcome => !outcome.IsOk).Select(Code).Distinct().ShouldBe(["slug_taken"]);
    }

    [Fact]
    public async Task Renaming_is_the_owners()
    {
        var owner = await Host.FoundAsync("acme");
        var (admin, _) = await Host.AddAsync(owner, "Ada", Role.Admin);

        (await Host.Workspaces.RenameAsync(owner, "Acme 2", Ct)).Value.Name.ShouldBe("Acme 2");
        Code(await Host.Workspaces.RenameAsync(admin, "", Ct)).ShouldBe("role_too_low");
        Member(await Host.Workspaces.RenameAsync(owner, "", Ct)).ShouldBe("name");
        (await Host.Workspaces.GetAsync(admin, Ct)).Value.Name.ShouldBe("Acme 2");
    }

    [Fact]
    public async Task Deleting_needs_the_slug_revokes_every_token_and_frees_the_slug()
    {
        var created = (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).Value;
        var owner = await Host.CallerAsync(created.OwnerToken);
        var (member, secret) = await Host.AddAsync(owner, "Mo", Role.Member);
        var told = new List<AccessChange>();
        using var subscription = Host.AccessChanges.Subscribe(told.Add);

        Member(await Host.Workspaces.DeleteAsync(owner, "other", Ct)).ShouldBe("confirm");
        Member(await Host.Workspaces.DeleteAsync(owner, null, Ct)).ShouldBe("confirm");
        Code(await Host.Workspaces.DeleteAsync(member, "acme", Ct)).ShouldBe("role_too_low");
        told.ShouldBeEmpty();
        (await Host.Workspaces.DeleteAsync(owner, "acme", Ct)).IsOk.ShouldBeTrue();

        told.ShouldBe([new AccessChange(AccessChangeKind.WorkspaceDeleted, owner.WorkspaceId)]);
        Code(await Host.Authenticator.AuthenticateAsync(secret, Ct)).ShouldBe("token_revoked");
        Code(await Host.Authenticator.AuthenticateAsync(created.OwnerToken, Ct)).ShouldBe("token_revoked");
        Code(await Host.Workspaces.RenameAsync(owner, "Acme", Ct)).ShouldBe("token_revoked");
        Code(await Host.Workspaces.RecoverOwnerAsync("acme", null, Ct)).ShouldBe("not_found");
        (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Recovery_gives_an_owner_token_and_revokes_the_other_owners_tokens_only()
    {
        var created = (await Host.Workspaces.CreateAsync("Acme", "acme", null, Ct)).Value;
        var owner = await Host.CallerAsync(created.OwnerToken);
        var (_, second) = await Host.AddAsync(owner, "Ola", Role.Owner);
        var (_, admin) = await Host.AddAsync(owner, "Ada", Role.Admin);

        var recovered = (await Host.Workspaces.RecoverOwnerAsync("acme", "req-9", Ct)).Value;

        var caller = await Host.CallerAsync(recovered);
        caller.PrincipalId.ShouldBe(created.Owner.Id);
        caller.Scopes.ShouldBe(ScopeNames.Everything);
        Code(await Host.Authenticator.AuthenticateAsync(created.OwnerToken, Ct)).ShouldBe("token_revoked");
        Code(await Host.Authenticator.AuthenticateAsync(second, Ct)).ShouldBe("token_revoked");
        (await Host.Authenticator.AuthenticateAsync(admin, Ct)).IsOk.ShouldBeTrue();
        Code(await Host.Workspaces.RecoverOwnerAsync("nobody", null, Ct)).ShouldBe("not_found");
    }
}
