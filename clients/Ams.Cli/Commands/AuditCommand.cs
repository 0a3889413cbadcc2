using System.CommandLine;
using System.Text.Json;
using Ams.Client;
using Ams.Contracts;

namespace Ams.Cli.Commands;

/// <summary><c>ams audit</c></summary>
internal static class AuditCommand
{
    public static Verb Build()
    {
        var actor = new Option<string?>("--actor")
        {
            Description = "Only what this member did, by id or name.",
            HelpName = "id|name",
        };
        var action = new Option<string?>("--action") { Description = "Only this action." };
        var after = new Option<string?>("--after") { Description = "Only what came after, RFC 3339.", HelpName = "time" };
        var before = new Option<string?>("--before") { Description = "Only what came before, RFC 3339.", HelpName = "time" };
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many.",
            HelpName = "count",
            DefaultValueFactory = _ => 100,
        };
        return new Verb(
            "audit",
            "Show who did what in the workspace, newest first; admins and owners.",
            actor,
            action,
            after,
            before,
            limit
        )
        {
            Examples = ["ams audit", "ams audit --actor \"Build Bot\" --after 2026-11-22T00:00:00Z --json"],
            Run = async (run, ct) =>
            {
                var filter = new AuditFilter(
                    run.Get(actor) is { } who ? await run.Client.Members.ResolveAsync(who, ct) : null,
                    run.Get(action),
                    Times.Parse(run.Get(after), "--after"),
                    Times.Parse(run.Get(before), "--before")
                );
                await run.Printer.ListAsync(
                    run.Client.Audit.ListAllAsync(filter, ct).Take(run.Get(limit)),
                    entry => JsonSerializer.SerializeToUtf8Bytes(entry, AmsJson.Default.AuditEntry),
                    ["at", "actor", "action", "target", "request"],
                    entry => [Rfc3339.Format(entry.At), entry.ActorId, entry.Action, entry.TargetId, entry.RequestId],
                    ct
                );
            },
        };
    }
}
