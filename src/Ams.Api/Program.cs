using Ams.Actors.Storage;
using Ams.Api;
using Ams.Api.Commands;
using Ams.Api.Configuration;
using Ams.Api.Hosting;

const int CantDo = 1;
const int WronglyCalled = 2;

if (CommandLine.Parse(args, out var fault) is not { } command)
    return Fail(WronglyCalled, fault);
try
{
    switch (command.Kind)
    {
        case CommandKind.Help:
            Console.Out.WriteLine(CommandLine.Usage);
            return 0;
        case CommandKind.Backup:
            await StoreCommands.BackupAsync(SettingsLoader.DatabaseFromProcess(), command.File, Console.Out);
            return 0;
        case CommandKind.Restore:
            await StoreCommands.RestoreAsync(SettingsLoader.DatabaseFromProcess(), command.File, command.Force, Console.Out);
            return 0;
        default:
            await ServeAsync(SettingsLoader.FromProcess());
            return 0;
    }
}
catch (SettingsException e)
{
    return Fail(CantDo, e.Message);
}
catch (DatabaseUnusableException e)
{
    return Fail(CantDo, e.Message);
}
catch (IOException e) when (command.Kind == CommandKind.Serve)
{
    return Fail(CantDo, "AMS_LISTEN: can't listen there: " + e.Message);
}

static async Task ServeAsync(AmsSettings settings)
{
    ListenProbe.Run("AMS_LISTEN", settings.Listen);
    ListenProbe.Run("AMS_OPERATOR_LISTEN", settings.Operator.Listen);
    await using var app = await AmsApp.OpenAsync(settings);
    await app.StartAsync();
    Startup.Tell(app, settings);
    await Node.StopRequestedAsync(app.Lifetime);
    await app.Services.GetRequiredService<Node>().StopAsync(app);
}

static int Fail(int code, string message)
{
    Console.Error.WriteLine("ams: " + message.ReplaceLineEndings(" "));
    return code;
}
