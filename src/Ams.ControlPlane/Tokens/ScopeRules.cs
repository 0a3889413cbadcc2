using Ams.Contracts;

namespace Ams.ControlPlane.Tokens;

/// <summary>Which scopes a new token may have (protocol, section 3).</summary>
internal static class ScopeRules
{
    /// <summary>The scopes of a new token: what was asked for, or what the principal's role and the minter's token share.</summary>
    /// <param name="asked">Wire names; null: not said.</param>
    /// <param name="role">The role of the token's principal.</param>
    /// <param name="minter">The scopes of the token that mints.</param>
    public static Outcome<Scopes> Decide(IReadOnlyList<string>? asked, Role role, Scopes minter)
    {
        if (asked is null)
            return ScopeNames.Of(role) & minter;
        var scopes = Scopes.None;
        foreach (var name in asked)
        {
            if (name is null || !ScopeNames.TryParse(name, out var scope))
                return Refusal.Invalid(
                    "scopes",
                    $"Take scopes from this list: {string.Join(", ", ScopeNames.Everything.Names())}."
                );
            scopes |= scope;
        }
        if ((scopes & ~ScopeNames.Of(role)) is var beyondRole and not Scopes.None)
            return Refusal.Invalid("scopes", $"{Spell(role)} can't have {Spell(beyondRole)}; leave it out, or change the role.");
        return Within(scopes, minter) is { } refusal ? refusal : scopes;
    }

    /// <summary>Nobody gives away more than their own token has.</summary>
    public static Refusal? Within(Scopes scopes, Scopes minter) =>
        (scopes & ~minter) is var beyond and not Scopes.None
            ? new Refusal(
                ErrorCodes.ScopeMissing,
                $"Your token lacks {Spell(beyond)}, so it can't give it away; use a token that has it."
            )
            : null;

    public static string Pack(Scopes scopes) => string.Join(' ', scopes.Names());

    public static Scopes Unpack(string packed)
    {
        var scopes = Scopes.None;
        foreach (var name in packed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ScopeNames.TryParse(name, out var scope))
                scopes |= scope;
        }
        return scopes;
    }

    private static string Spell(Scopes scopes) => string.Join(", ", scopes.Names());

    private static string Spell(Role role) =>
        role switch
        {
            Role.Owner => "An owner",
            Role.Admin => "An admin",
            _ => "A member",
        };
}
