using System.Text;
using System.Text.Json;
using Ams.Cli.Settings;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary>Who am I, and where: <c>login</c>, <c>logout</c>, <c>whoami</c>, <c>health</c>.</summary>
internal static class SessionCommands
{
    public static Verb Login() =>
        new(
            "login",
            "Save a server and a token, checked first, for the commands that follow. The token is read from standard input."
        )
        {
            Examples = ["ams login --base http://localhost:8787", "ams login < token.txt"],
            Run = async (run, ct) =>
            {
                var endpoint = Endpoint.ResolveBase(run.Get(Globals.Base)) with { Token = Secret(run.Get(Globals.Token)) };
                var me = await run.NewClient(endpoint).MeAsync(ct);
                new Profile(endpoint.BaseUrl.ToString(), endpoint.Token!).Save();
                run.Printer.Done(
                    "profile",
                    Profile.Path,
                    $"Logged in to {endpoint.BaseUrl} as {Output.Safe.Line(me.Principal.Name)} of {me.Workspace.Slug}; saved in {Profile.Path}."
                );
            },
        };

    public static Verb Logout() =>
        new("logout", "Forget the saved server and token. The token itself stays valid: see 'ams token revoke'.")
        {
            Examples = ["ams logout"],
            Run = (run, _) =>
            {
                if (Directory.Exists(System.IO.Path.GetDirectoryName(Profile.Path)))
                {
                    File.Delete(Profile.Path);
                }

                run.Printer.Done("removed", Profile.Path, "Logged out.");
                return Task.CompletedTask;
            },
        };

    public static Verb WhoAmI() =>
        new("whoami", "Show the token's principal, workspace and scopes.")
        {
            Examples = ["ams whoami"],
            Run = async (run, ct) =>
            {
                var me = await run.Client.MeAsync(ct);
                run.Printer.One(
                    JsonSerializer.SerializeToUtf8Bytes(me, AmsJson.Default.Me),
                    ("id", me.Principal.Id),
                    ("name", me.Principal.Name),
                    ("kind", Words.Of(me.Principal.Kind)),
                    ("role", Words.Of(me.Principal.Role)),
                    ("workspace", $"{me.Workspace.Slug} ({me.Workspace.Id})"),
                    ("token", me.Token.Id),
                    ("expires", Words.Of(me.Token.ExpiresAt)),
                    ("scopes", string.Join(' ', me.Token.Scopes))
                );
            },
        };

    public static Verb Health() =>
        new("health", "Say whether the server is ready to serve; needs no token.")
        {
            Examples = ["ams health --base http://localhost:8787"],
            Run = async (run, ct) =>
            {
                var endpoint = Endpoint.ResolveBase(run.Get(Globals.Base));
                await run.NewClient(endpoint).ReadyAsync(ct);
                run.Printer.Done("ready", endpoint.BaseUrl.ToString(), $"{endpoint.BaseUrl} is ready.");
            },
        };

    /// <summary>The token: given, or from a pipe, or typed without an echo.</summary>
    private static string Secret(string? given)
    {
        var secret = given is null or "-"
            ? Console.IsInputRedirected
                ? Console.In.ReadLine()
                : Prompt()
            : given;
        return secret?.Trim() is { Length: > 0 } token
            ? token
            : throw new UsageException("no token came; paste one, or pipe it: ams login < token.txt");
    }

    private static string Prompt()
    {
        Console.Error.Write("Token: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
