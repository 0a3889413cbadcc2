using System.CommandLine;
using System.Text.Json;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams member …</c></summary>
internal static class MemberCommands
{
    public static Command Build() =>
        new Verb("member", "Members: who acts in the workspace.", Create(), List(), Show(), Update(), Remove());

    private static Verb Create()
    {
        var name = new Option<string>("--name") { Description = "1 to 80 characters, unique.", Required = true };
        var kind = new Option<string?>("--kind")
        {
            Description = "What it is.",
            DefaultValueFactory = _ => "agent",
        }.Among<PrincipalKind>();
        var role = new Option<string?>("--role")
        {
            Description = "What it may do.",
            DefaultValueFactory = _ => "member",
        }.Among<Role>();
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var scopes = Shared.Scopes();
        return new Verb(
            "create",
            "Add a member; admins and owners. Its token is shown once.",
            name,
            kind,
            role,
            scopes,
            description
        )
        {
            Examples =
            [
                "ams member create --name \"Build Bot\" --kind agent --role member",
                "ams member create --name watcher --kind service --scope messages:read --scope channels:read",
            ],
            Run = async (run, ct) =>
            {
                var member = new NewMember(
                    run.Get(name)!,
                    Words.Read<PrincipalKind>(run.Get(kind))!.Value,
                    Words.Read<Role>(run.Get(role))!.Value,
                    Shared.NullIfEmpty(run.Get(scopes)),
                    run.Get(description)
                );
                var made = await run.Client.Members.CreateAsync(member, ct);
                run.Printer.One(
                    JsonSerializer.SerializeToUtf8Bytes(made, AmsJson.Default.MemberCreated),
                    ("member", made.Member.Id),
                    ("name", made.Member.Name),
                    ("role", Words.Of(made.Member.Role)),
                    ("token_id", made.Token.Id),
                    ("token", made.Token.Secret)
                );
            },
        };
    }

    private static Verb List() =>
        new("list", "List the members.")
        {
            Examples = ["ams member list", "ams member list --json | jq -r .id"],
            Run = (run, ct) => PrintAllAsync(run, run.Client.Members.ListAllAsync(ct), ct),
        };

    private static Verb Show()
    {
        var who = Who();
        return new Verb("show", "Show a member; a removed one by its id.", who)
        {
            Examples = ["ams member show \"Build Bot\""],
            Run = async (run, ct) =>
            {
                var id = await run.Client.Members.ResolveAsync(run.Get(who)!, ct);
                Print(run, await run.Client.Members.GetAsync(id, ct));
            },
        };
    }

    private static Verb Update()
    {
        var who = Who();
        var name = new Option<string?>("--name") { Description = "Its new name." };
        var role = new Option<string?>("--role") { Description = "Its new role." }.Among<Role>();
        var description = new Option<string?>("--description") { Description = "Its new description." };
        return new Verb("update", "Change a member's name, role or description.", who, name, role, description)
        {
            Examples = ["ams member update \"Build Bot\" --role admin"],
            Run = async (run, ct) =>
            {
                var id = await run.Client.Members.ResolveAsync(run.Get(who)!, ct);
                var change = new MemberChange(run.Get(name), Words.Read<Role>(run.Get(role)), run.Get(description));
                Print(run, await run.Client.Members.UpdateAsync(id, change, ct));
            },
        };
    }

    private static Verb Remove()
    {
        var who = Who();
        return new Verb("remove", "Remove a member and revoke its tokens; its messages stay.", who)
        {
            Examples = ["ams member remove \"Build Bot\""],
            Run = async (run, ct) =>
            {
                var id = await run.Client.Members.ResolveAsync(run.Get(who)!, ct);
                await run.Client.Members.RemoveAsync(id, ct);
                run.Printer.Done("removed", id, $"Removed {id}.");
            },
        };
    }

    public static Argument<string> Who() => new("member") { Description = "The member, by id or name." };

    public static Task PrintAllAsync(Invocation run, IAsyncEnumerable<PrincipalView> members, CancellationToken ct) =>
        run.Printer.ListAsync(
            members,
            member => JsonSerializer.SerializeToUtf8Bytes(member, AmsJson.Default.PrincipalView),
            ["id", "name", "kind", "role", "description"],
            member => [member.Id, member.Name, Words.Of(member.Kind), Words.Of(member.Role), member.Description],
            ct
        );

    private static void Print(Invocation run, PrincipalView member) =>
        run.Printer.One(
            JsonSerializer.SerializeToUtf8Bytes(member, AmsJson.Default.PrincipalView),
            ("id", member.Id),
            ("name", member.Name),
            ("kind", Words.Of(member.Kind)),
            ("role", Words.Of(member.Role)),
            ("description", member.Description),
            ("created", Rfc3339.Format(member.CreatedAt)),
            ("removed", Words.Of(member.RemovedAt))
        );
}
