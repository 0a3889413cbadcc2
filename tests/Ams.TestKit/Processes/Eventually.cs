using System.Diagnostics;

namespace Ams.TestKit.Processes;

/// <summary>Waits for a condition of another process, which can only be asked again and again.</summary>
public static class Eventually
{
    /// <summary>Asks every 20 ms until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It was never yes within the bound; the message is <paramref name="what"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan bound, string what, CancellationToken ct = default)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
                throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what}");
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
