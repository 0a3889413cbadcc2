namespace Ams.Benchmarks.Workloads;

/// <summary>One line of results. Units stand in the names of the figures.</summary>
internal sealed record Result(string Name, IReadOnlyDictionary<string, double> Figures);

/// <summary>Something to measure. It starts what it needs, checks what it got, and cleans up.</summary>
internal interface IWorkload
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>Runs and measures. A wrong answer is an exception: a fast wrong server has no figures.</summary>
    Task<IReadOnlyList<Result>> RunAsync(Action<string> progress, CancellationToken ct);
}
