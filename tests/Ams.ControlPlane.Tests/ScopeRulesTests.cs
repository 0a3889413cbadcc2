using Ams.Contracts;
using Ams.ControlPlane.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Ams.ControlPlane.Tests;

public sealed class ScopeRulesTests
{
    private static readonly Arbitrary<Scopes> AnyScopes = Gen.Choose(0, (int)ScopeNames.Everything)
        .Select(bits => (Scopes)bits)
        .ToArbitrary();
    private static readonly Arbitrary<Role> AnyRole = Gen.Elements(Role.Owner, Role.Admin, Role.Member).ToArbitrary();

    [Fact]
    public void Stored_scopes_read_back() =>
        Prop.ForAll(AnyScopes, scopes => ScopeRules.Unpack(ScopeRules.Pack(scopes)) == scopes).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_scopes_a_token_gets_what_role_and_minter_share() =>
        Prop.ForAll(
                AnyRole,
                AnyScopes,
                (role, minter) => ScopeRules.Decide(null, role, minter).Value == (ScopeNames.Of(role) & minter)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_granted_is_what_was_asked_for_and_within_role_and_minter() =>
        Prop.ForAll(
                AnyRole,
                AnyScopes,
                AnyScopes,
                (role, minter, asked) =>
                {
                    var outcome = ScopeRules.Decide(asked.Names(), role, minter);
                    if ((asked & ~ScopeNames.Of(role)) != Scopes.None)
                        return outcome.Refusal!.Code == ErrorCodes.InvalidRequest
                            && outcome.Refusal.Errors!.ContainsKey("scopes");
                    if ((asked & ~minter) != Scopes.None)
                        return outcome.Refusal!.Code == ErrorCodes.ScopeMissing;
                    return outcome.Value == asked;
                }
            )
            .QuickCheckThrowOnFailure();
}
