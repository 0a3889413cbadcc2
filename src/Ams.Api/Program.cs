using Ams.Actors.Storage;
using Ams.Api;
using Ams.Api.Configuration;
using Ams.Api.Hosting;
using Microsoft.AspNetCore.Connections;

const int CantStart = 1;
const int WronglyCalled = 2;

if (args.Length > 0)
    return Fail(WronglyCalled, $"there is no command \"{args[0]}\"; settings come from the environment, see the README");
try
{
    var settings = SettingsLoader.FromProcess();
    await using var app = AmsApp.Create(settings);
    var node = app.Services.GetRequiredService<Node>();
    await app.StartAsync();
    await node.StartAsync(app.Lifetime.ApplicationStopping);
    Startup.Tell(app, settings);
    await Node.StopRequestedAsync(app.Lifetime);
    await node.StopAsync(app);
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
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    return Fail(CantStart, "AMS_LISTEN: the address is taken by another process; stop it, or listen elsewhere. " + e.Message);
}
catch (Exception e)
    when (e is System.Net.Sockets.SocketException or IOException { InnerException: System.Net.Sockets.SocketException })
{
    return Fail(CantStart, "AMS_LISTEN: can't listen there: " + e.Message);
}

static int Fail(int code, string message)
{
    Console.Error.WriteLine("ams: " + message.ReplaceLineEndings(" "));
    return code;
}
