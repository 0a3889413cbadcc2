using Ams.Actors.Storage;
using Ams.Api;
using Ams.Api.Configuration;
using Ams.Api.Hosting;

const int CantStart = 1;
const int WronglyCalled = 2;

if (args.Length > 0)
    return Fail(WronglyCalled, $"there is no command \"{args[0]}\"; settings come from the environment, see the README");
try
{
    var settings = SettingsLoader.FromProcess();
    ListenProbe.Run(settings.Listen);
    await using var app = await AmsApp.OpenAsync(settings);
    await app.StartAsync();
    Startup.Tell(app, settings);
    await Node.StopRequestedAsync(app.Lifetime);
    await app.Services.GetRequiredService<Node>().StopAsync(app);
    return 0;
}
catch (SettingsException e)
{
    return Fail(CantStart, e.Message);
}
catch (DatabaseUnusableException e)
{
    return Fail(CantStart, e.Message);
}
catch (IOException e)
{
    return Fail(CantStart, "AMS_LISTEN: can't listen there: " + e.Message);
}

static int Fail(int code, string message)
{
    Console.Error.WriteLine("ams: " + message.ReplaceLineEndings(" "));
    return code;
}
