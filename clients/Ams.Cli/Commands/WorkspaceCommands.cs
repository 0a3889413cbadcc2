using System.CommandLine;
using System.Text.Json;
using Ams.Cli.Settings;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams workspace …</c></summary>
internal static class WorkspaceCommands
{
    public static Command Build() =>
        new Verb("workspace", "Workspaces: the tenants.", Create(), Show(), Rename(), Delete(), Recover());

    private static Verb Create()
    {
        var key = PlatformKey();
        var name = new Option<string>("--name") { Description = "What people read.", Required = true };
        var slug = new Option<string>("--slug") { Description = "Its short name: a-z, 0-9 and -.", Required = true };
        return new Verb("create", "Create a workspace with its owner. The owner's token is shown once.", key, name, slug)
        {
            Examples =
            [
                "ams workspace create --platform-key dev-platform-key-do-not-use-in-prod --name \"Acme\" --slug acme",
                "AMS_PLATFORM_KEY=… ams workspace create --name Acme --slug acme --json",
            ],
            Run = async (run, ct) =>
            {
                var client = run.NewClient(Endpoint.ResolveBase(run.Get(Globals.Base)), Platform(run.Get(key)));
                var made = await client.Workspaces.CreateAsync(run.Get(name)!, run.Get(slug)!, ct);
                run.Printer.One(
                    JsonSerializer.SerializeToUtf8Bytes(made, AmsJson.Default.WorkspaceCreated),
                    ("workspace", made.Workspace.Id),
                    ("slug", made.Workspace.Slug),
                    ("owner", made.Owner.Id),
                    ("owner_token", made.OwnerToken)
                );
            },
        };
    }

    private static Verb Show() =>
        new("show", "Show the token's workspace.")
        {
            Examples = ["ams workspace show"],
            Run = async (run, ct) => Print(run, await run.Client.Workspaces.GetAsync(ct)),
        };

    private static Verb Rename()
    {
        var name = new Option<string>("--name") { Description = "Its new name.", Required = true };
        return new Verb("rename", "Rename the token's workspace; owners only.", name)
        {
            Examples = ["ams workspace rename --name \"Acme Ltd\""],
            Run = async (run, ct) => Print(run, await run.Client.Workspaces.RenameAsync(run.Get(name)!, ct)),
        };
    }

    private static Verb Delete()
    {
        var confirm = new Option<string>("--confirm")
        {
            Description = "The workspace's slug, as a proof that it is meant.",
            Required = true,
        };
        return new Verb("delete", "Delete the token's workspace and revoke every token in it; owners only.", confirm)
        {
            Examples = ["ams workspace delete --confirm acme"],
            Run = async (run, ct) =>
            {
                await run.Client.Workspaces.DeleteAsync(run.Get(confirm)!, ct);
                run.Printer.Done("deleted", run.Get(confirm)!, $"Deleted {run.Get(confirm)}.");
            },
        };
    }

    private static Verb Recover()
    {
        var key = PlatformKey();
        var slug = new Option<string>("--slug") { Description = "The workspace's slug.", Required = true };
        return new Verb("recover", "Get a new owner token; the workspace's other owner tokens are revoked.", key, slug)
        {
            Examples = ["AMS_PLATFORM_KEY=… ams workspace recover --slug acme"],
            Run = async (run, ct) =>
            {
                var client = run.NewClient(Endpoint.ResolveBase(run.Get(Globals.Base)), Platform(run.Get(key)));
                var secret = await client.Workspaces.RecoverAsync(run.Get(slug)!, ct);
                run.Printer.Done("owner_token", secret, $"owner_token\t{secret}");
            },
        };
    }

    private static void Print(Invocation run, WorkspaceView found) =>
        run.Printer.One(
            JsonSerializer.SerializeToUtf8Bytes(found, AmsJson.Default.WorkspaceView),
            ("id", found.Id),
            ("name", found.Name),
            ("slug", found.Slug),
            ("created", Rfc3339.Format(found.CreatedAt))
        );

    private static Option<string?> PlatformKey() =>
        new("--platform-key") { Description = "The platform key; default: AMS_PLATFORM_KEY.", HelpName = "key" };

    private static string Platform(string? given) =>
        given
        ?? Environment.GetEnvironmentVariable("AMS_PLATFORM_KEY")
        ?? throw new UsageException("no platform key: give --platform-key or set AMS_PLATFORM_KEY.");
}
