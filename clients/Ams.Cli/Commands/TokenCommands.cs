using System.CommandLine;
using System.Text.Json;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams token …</c></summary>
internal static class TokenCommands
{
    public static Command Build() =>
        new Verb("token", "Tokens: one's own, or as an admin anybody's.", Mint(), List(), Rotate(), Revoke());

    private static Verb Mint()
    {
        var member = Member();
        var name = new Option<string?>("--name") { Description = "What the token is for." };
        var scopes = Shared.Scopes();
        var expires = new Option<string?>("--expires-at")
        {
            Description = "When it ends, RFC 3339; default: never.",
            HelpName = "time",
        };
        return new Verb("mint", "Mint a token; its secret is shown once.", member, name, scopes, expires)
        {
            Examples = ["ams token mint --name laptop", "ams token mint --member \"Build Bot\" --scope messages:write"],
            Run = async (run, ct) =>
            {
                var id = await WhoseAsync(run, run.Get(member), ct);
                var end = Times.Parse(run.Get(expires), "--expires-at");
                Print(run, await run.Client.Tokens.MintAsync(id, run.Get(name), Shared.NullIfEmpty(run.Get(scopes)), end, ct));
            },
        };
    }

    private static Verb List()
    {
        var member = Member();
        return new Verb("list", "List tokens, without their secrets; revoked and expired ones, too.", member)
        {
            Examples = ["ams token list", "ams token list --member \"Build Bot\""],
            Run = async (run, ct) =>
                await run.Printer.ListAsync(
                    run.Client.Tokens.ListAllAsync(await WhoseAsync(run, run.Get(member), ct), ct),
                    token => JsonSerializer.SerializeToUtf8Bytes(token, AmsJson.Default.TokenView),
                    ["id", "name", "created", "expires", "revoked", "scopes"],
                    token =>
                        [
                            token.Id,
                            token.Name,
                            Rfc3339.Format(token.CreatedAt),
                            Words.Of(token.ExpiresAt),
                            Words.Of(token.RevokedAt),
                            string.Join(' ', token.Scopes),
                        ],
                    ct
                ),
        };
    }

    private static Verb Rotate()
    {
        var id = new Argument<string>("token-id") { Description = "The token's id (tok_…)." };
        var overlap = new Option<int?>("--overlap")
        {
            Description = "Seconds for which the old one still works; default: 300.",
            HelpName = "seconds",
        };
        return new Verb("rotate", "Replace a token by one with the same name and scopes; the secret is shown once.", id, overlap)
        {
            Examples = ["ams token rotate tok_xxx --overlap 60"],
            Run = async (run, ct) =>
            {
                var time = run.Get(overlap) is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
                Print(run, await run.Client.Tokens.RotateAsync(run.Get(id)!, time, ct));
            },
        };
    }

    private static Verb Revoke()
    {
        var id = new Argument<string>("token-id") { Description = "The token's id (tok_…)." };
        return new Verb("revoke", "Revoke a token at once.", id)
        {
            Examples = ["ams token revoke tok_xxx"],
            Run = async (run, ct) =>
            {
                await run.Client.Tokens.RevokeAsync(run.Get(id)!, ct);
                run.Printer.Done("revoked", run.Get(id)!, $"Revoked {run.Get(id)}.");
            },
        };
    }

    private static Option<string?> Member() =>
        new("--member") { Description = "Whose, by id or name; default: one's own.", HelpName = "id|name" };

    private static async Task<string> WhoseAsync(Invocation run, string? member, CancellationToken ct) =>
        member is null ? (await run.Client.MeAsync(ct)).Principal.Id : await run.Client.Members.ResolveAsync(member, ct);

    private static void Print(Invocation run, TokenView token) =>
        run.Printer.One(
            JsonSerializer.SerializeToUtf8Bytes(token, AmsJson.Default.TokenView),
            ("token_id", token.Id),
            ("name", token.Name),
            ("expires", Words.Of(token.ExpiresAt)),
            ("scopes", string.Join(' ', token.Scopes)),
            ("token", token.Secret)
        );
}

/// <summary>Times on the command line.</summary>
internal static class Times
{
    public static DateTimeOffset? Parse(string? text, string option) =>
        text is null ? null
        : Rfc3339.TryParse(text, out var time) ? time
        : throw new UsageException($"{option} '{text}' is not a time such as 2026-11-22T08:00:00Z.");
}
