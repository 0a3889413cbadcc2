using System.Text.Json;
using Ams.Benchmarks.Workloads;

IWorkload[] workloads = [new PostsWorkload(), new ReplayWorkload(), new GrowthWorkload()];
var json = args.Contains("--json");
var names = args.Where(argument => argument != "--json").ToArray();
var chosen = names is ["all"] ? workloads : [.. workloads.Where(workload => names.Contains(workload.Name))];
if (chosen.Length == 0 || (names is not ["all"] && chosen.Length != names.Length))
{
    Console.Error.WriteLine(
        $"usage: dotnet run -c Release --project tests/Ams.Benchmarks -- {string.Join('|', workloads.Select(workload => workload.Name))}|all [--json]"
    );
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
foreach (var workload in chosen)
{
    foreach (var result in await workload.RunAsync(line => Console.Error.WriteLine(line), stop.Token))
    {
        Console.WriteLine(
            json
                ? JsonSerializer.Serialize(new { name = result.Name, figures = result.Figures })
                : $"{result.Name, -55} {string.Join("  ", result.Figures.Select(figure => $"{figure.Key} {Shown(figure.Value)}"))}"
        );
    }
}
return 0;

static string Shown(double value) => value >= 100 ? $"{value:N0}" : $"{value:0.00}";
